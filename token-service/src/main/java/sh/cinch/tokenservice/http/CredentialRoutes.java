package sh.cinch.tokenservice.http;

import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.service.http.Problem;
import sh.cinch.service.token.NewCredential;
import sh.cinch.service.token.Replacement;
import sh.cinch.tokenservice.acquire.Acquisition;
import sh.cinch.tokenservice.acquire.CodeExchange;
import sh.cinch.tokenservice.acquire.PastedToken;
import sh.cinch.tokenservice.acquire.PastedTokens;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.Kind;
import sh.cinch.tokenservice.credential.Stored;
import sh.cinch.tokenservice.forge.BitbucketCloud;
import sh.cinch.tokenservice.lease.LeaseAudit;

/**
 * Taking in, showing and erasing credentials.
 *
 * @param due called where a credential has become due
 */
record CredentialRoutes(
    CodeExchange codes,
    PastedTokens pastedTokens,
    Credentials credentials,
    LeaseAudit audit,
    InstantSource clock,
    Runnable due) {

  void create(RoutingContext context) {
    ServiceAuthentication.mustStoreAndErase(context);
    Acquisition acquisition =
        switch (Answers.read(context, NewCredential.class)) {
          case NewCredential.Code(var code, var redirectUri) -> codes.exchange(code, redirectUri);
          case NewCredential.Token token -> pastedTokens.take(pasted(token));
        };
    switch (acquisition) {
      case Acquisition.Held(Stored(Credential credential, boolean isNew)) ->
          Answers.json(context, isNew ? 201 : 200, credential.view());
      case Acquisition.Refused(String why) ->
          throw new Problem(422, "Bitbucket does not take it", why);
      case Acquisition.NotNow(String why) -> throw Answers.notNow(why);
    }
  }

  void show(RoutingContext context) {
    ServiceAuthentication.mustStoreAndErase(context);
    Answers.json(context, 200, found(context).view());
  }

  /** A person wants another try of what Cinch has stopped trying. */
  void tryOnceMore(RoutingContext context) {
    ServiceAuthentication.mustStoreAndErase(context);
    Credential credential = found(context);
    pointless(credential)
        .ifPresent(
            why -> {
              throw new Problem(409, "Nothing to try", why);
            });
    Optional<Credential> unused = credentials.save(credential.triedOnceMore(clock.instant()));
    due.run();
    context.response().setStatusCode(202).end();
  }

  /** Why trying it once more can lead to nothing. */
  private static Optional<String> pointless(Credential credential) {
    if (credential.kind() != Kind.OAUTH) {
      return Optional.of("A pasted token cannot be refreshed. Connect with a new one.");
    }
    return switch (credential.history().state()) {
      case UNCLEAR, NEEDS_AUTHORIZATION -> Optional.empty();
      case HEALTHY -> Optional.of("It is healthy.");
      case REVOKED -> Optional.of("It was erased. Authorize Bitbucket again.");
    };
  }

  /** Who leased it when, newest first. */
  void audit(RoutingContext context) {
    ServiceAuthentication.mustStoreAndErase(context);
    Answers.json(context, 200, Map.of("items", audit.newest(found(context).id())));
  }

  /** Another took its place; what is erased stays erased. */
  void replaced(RoutingContext context) {
    ServiceAuthentication.mustStoreAndErase(context);
    Instant until = Answers.read(context, Replacement.class).keptUntil();
    credentials.keep(found(context).id(), until);
    Answers.nothing(context);
  }

  /** As often as one likes: what is erased stays erased. */
  void erase(RoutingContext context) {
    ServiceAuthentication.mustStoreAndErase(context);
    credentials.erase(found(context).id());
    Answers.nothing(context);
  }

  private Credential found(RoutingContext context) {
    return credentials.find(Answers.credentialId(context)).orElseThrow(Answers::unknown);
  }

  private static PastedToken pasted(NewCredential.Token token) {
    if (!token.forge().equals(BitbucketCloud.NAME)) {
      throw Answers.malformed("field 'forge' is not " + BitbucketCloud.NAME);
    }
    ForgeRepository repository =
        ForgeRepository.named(token.fullName())
            .orElseThrow(
                () -> Answers.malformed("field 'fullName' is not of the form workspace/repo"));
    return new PastedToken(repository, token.token(), token.email(), token.expiresAt());
  }
}
