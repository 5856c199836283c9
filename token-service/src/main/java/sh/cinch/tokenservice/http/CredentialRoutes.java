package sh.cinch.tokenservice.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.Optional;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.service.http.Problem;
import sh.cinch.tokenservice.acquire.Acquisition;
import sh.cinch.tokenservice.acquire.CodeExchange;
import sh.cinch.tokenservice.acquire.PastedToken;
import sh.cinch.tokenservice.acquire.PastedTokens;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.Stored;
import sh.cinch.tokenservice.forge.BitbucketCloud;
import sh.cinch.tokenservice.lease.LeaseAudit;

/** Taking in, showing and erasing credentials. */
final class CredentialRoutes {

  private final CodeExchange codes;
  private final PastedTokens pasting;
  private final Credentials credentials;
  private final LeaseAudit audit;
  private final InstantSource clock;
  private final Runnable due;

  /**
   * @param due called where a credential has become due
   */
  CredentialRoutes(
      CodeExchange codes,
      PastedTokens pasting,
      Credentials credentials,
      LeaseAudit audit,
      InstantSource clock,
      Runnable due) {
    this.codes = codes;
    this.pasting = pasting;
    this.credentials = credentials;
    this.audit = audit;
    this.clock = clock;
    this.due = due;
  }

  void create(RoutingContext context) {
    ServiceAuthentication.mustStoreAndErase(context);
    RequestBody body = RequestBody.of(context);
    String kind = body.text("kind");
    Acquisition acquisition =
        switch (kind) {
          case "oauth" -> codes.exchange(body.secret("code"), redirectUri(body));
          case "token" -> pasting.take(pasted(body));
          default -> throw RequestBody.malformed("field 'kind' is neither oauth nor token");
        };
    switch (acquisition) {
      case Acquisition.Held(Stored(Credential credential, boolean isNew)) ->
          Answers.json(context, isNew ? 201 : 200, CredentialJson.of(credential));
      case Acquisition.Refused(String why) ->
          throw new Problem(422, "Bitbucket does not take it", why);
      case Acquisition.NotNow(String why) -> throw Answers.notNow(why);
    }
  }

  void show(RoutingContext context) {
    ServiceAuthentication.mustStoreAndErase(context);
    Answers.json(context, 200, CredentialJson.of(found(context)));
  }

  /** A person wants another try of what Cinch has stopped trying. */
  void tryOnceMore(RoutingContext context) {
    ServiceAuthentication.mustStoreAndErase(context);
    Credential credential = found(context);
    switch (Retrial.of(credential)) {
      case Retrial.Possible() -> {
        Optional<Credential> unused = credentials.save(credential.triedOnceMore(clock.instant()));
        due.run();
        context.response().setStatusCode(202).end();
      }
      case Retrial.Pointless(String why) -> throw new Problem(409, "Nothing to try", why);
    }
  }

  /** Who leased it when, newest first. */
  void audit(RoutingContext context) {
    ServiceAuthentication.mustStoreAndErase(context);
    Credential credential = found(context);
    JsonArray minutes = new JsonArray();
    audit
        .newest(credential.id())
        .forEach(
            line ->
                minutes.add(
                    new JsonObject()
                        .put("minute", line.minute().toString())
                        .put("caller", line.caller())
                        .put("leases", line.leases())));
    Answers.json(context, 200, new JsonObject().put("items", minutes));
  }

  /** As often as one likes: what is erased stays erased. */
  void erase(RoutingContext context) {
    ServiceAuthentication.mustStoreAndErase(context);
    Credential credential = found(context);
    credentials.erase(credential.id());
    Answers.nothing(context);
  }

  private Credential found(RoutingContext context) {
    return credentials.find(Answers.credentialId(context)).orElseThrow(Answers::unknown);
  }

  private static URI redirectUri(RequestBody body) {
    try {
      URI uri = new URI(body.text("redirectUri"));
      if (uri.isAbsolute()) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below, in our words.
    }
    throw RequestBody.malformed("field 'redirectUri' is not an absolute address");
  }

  private static PastedToken pasted(RequestBody body) {
    if (!body.text("forge").equals(BitbucketCloud.NAME)) {
      throw RequestBody.malformed("field 'forge' is not " + BitbucketCloud.NAME);
    }
    RepositoryAddress repository =
        RepositoryAddress.parse(body.text("fullName"))
            .orElseThrow(
                () -> RequestBody.malformed("field 'fullName' is not of the form workspace/repo"));
    return new PastedToken(
        repository,
        body.secret("token"),
        body.optionalText("email"),
        body.optionalTime("expiresAt"));
  }
}
