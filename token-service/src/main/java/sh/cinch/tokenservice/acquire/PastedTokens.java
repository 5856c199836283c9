package sh.cinch.tokenservice.acquire;

import java.time.InstantSource;
import java.util.Optional;
import sh.cinch.forge.AuthorizationProbe;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.service.token.Account;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.FreshToken;
import sh.cinch.tokenservice.credential.Kind;
import sh.cinch.tokenservice.credential.Stored;
import sh.cinch.tokenservice.forge.BitbucketCloud;

/** Takes in a pasted token, once it has shown its repository. */
public final class PastedTokens {

  private static final String KINDS =
      "Cinch takes a repository, project or workspace access token, or an API token together with"
          + " the e-mail address of its Atlassian account. It needs the scopes repository and"
          + " webhook, and repository:write for releases.";

  private static final String APP_PASSWORD =
      "This is an app password, and Bitbucket takes none since 28 July 2026. " + KINDS;

  /** As whose requests its probes are counted. */
  private static final String NOT_STORED_YET = "pasted token";

  private final BitbucketCloud bitbucket;
  private final Credentials credentials;
  private final InstantSource clock;

  public PastedTokens(BitbucketCloud bitbucket, Credentials credentials, InstantSource clock) {
    this.bitbucket = bitbucket;
    this.credentials = credentials;
    this.clock = clock;
  }

  public Acquisition take(PastedToken pasted) {
    if (pasted.isAppPassword()) {
      return new Acquisition.Refused(APP_PASSWORD);
    }
    if (!pasted.isWhole()) {
      return new Acquisition.Refused(
          "No token of Bitbucket has spaces or such characters in it: was it copied whole, and"
              + " alone? "
              + KINDS);
    }
    if (pasted.expiresAt().filter(end -> !end.isAfter(clock.instant())).isPresent()) {
      return new Acquisition.Refused(
          "The token is said to have expired already, at %s. Leave the time out if it is not known."
              .formatted(pasted.expiresAt().get()));
    }
    AuthorizationProbe probe = bitbucket.probe(NOT_STORED_YET, pasted.authorization());
    // Never by its owner: access tokens belong to a repository and cannot see an account.
    return Acquisition.of(
        probe.find(pasted.repository()),
        found -> hold(pasted, ForgeRepository.of(found), probe),
        why ->
            "Bitbucket does not show %s to this token: %s. %s"
                .formatted(pasted.repository(), why, KINDS),
        " Try again later.");
  }

  /**
   * @param found the repository where it is by now: it may have been asked for by a former name
   */
  private Stored hold(PastedToken pasted, ForgeRepository found, AuthorizationProbe probe) {
    return credentials.storePasted(
        pasted.kind(),
        BitbucketCloud.NAME,
        found,
        owner(probe),
        FreshToken.pasted(
            pasted.authorization(),
            clock.instant(),
            pasted.expiresAt(),
            probe.scopes(found, pasted.kind() == Kind.API_TOKEN)));
  }

  /** It need not have the scope to say whose it is, nor be anybody's. */
  private static Optional<Account> owner(AuthorizationProbe probe) {
    return probe.owner() instanceof ForgeResult.Done<Account> done
        ? Optional.of(done.value())
        : Optional.empty();
  }
}
