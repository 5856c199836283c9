package sh.cinch.simulator.world;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How this Bitbucket behaves where the real one varies or is not known.
 *
 * @param accessTokenSeconds how long an OAuth access token lives; 0: an hour, and the answer does
 *     not say so
 * @param refreshGraceSeconds how long a refresh token still works after it was replaced
 * @param lockoutSeconds how long all refreshes of the client fail once a replaced token came back;
 *     0: not at all
 * @param reuseKillsGrant whether a replaced token that came back ends its grant
 * @param hourlyLimit requests an hour for a client or an access token, in each resource pool; 0:
 *     unlimited
 * @param windowSeconds how long a request counts against that limit
 * @param scaledHeaders whether tokens of repositories are told of their limit
 * @param requestUuidPerAttempt whether each try of a delivery has an {@code X-Request-UUID} of its
 *     own
 * @param retryUnanswered whether a delivery is tried again after a time-out or a network error
 * @param client what the token endpoint makes of the OAuth client, whatever it asks for
 * @param clientIsPrivate whether the client may ask for tokens of its own
 * @param lockoutHoldsClientCredentials whether the lockout keeps those from it, too
 * @param newestRefreshTokenOnly whether a refresh token that comes back within its grace ends what
 *     was given for it before, so that only what is given last works
 * @param tornUploads what becomes of a download whose upload did not come to its end
 * @param largestUpload the longest body of an upload that is taken, in bytes; 0: any
 * @param repositoryBytes how much all downloads of a repository may hold; 0: anything
 * @param statusIdentity what tells the statuses of a commit apart
 * @param innerUrl what the links between the pages of a list begin with, as behind a reverse proxy
 *     that does not say how it is called; empty: the address that was asked
 * @param updatedOnStays whether a repository's {@code updated_on} stays when it is pushed to: that
 *     it moves is nowhere said
 */
public record Settings(
    int accessTokenSeconds,
    int refreshGraceSeconds,
    int lockoutSeconds,
    boolean reuseKillsGrant,
    int hourlyLimit,
    int windowSeconds,
    boolean scaledHeaders,
    Dialect dialect,
    boolean requestUuidPerAttempt,
    boolean retryUnanswered,
    Client client,
    boolean clientIsPrivate,
    boolean lockoutHoldsClientCredentials,
    boolean newestRefreshTokenOnly,
    TornUploads tornUploads,
    long largestUpload,
    long repositoryBytes,
    StatusIdentity statusIdentity,
    String innerUrl,
    boolean updatedOnStays) {

  /** The shape of the token endpoint's answers, which differs from client to client. */
  public enum Dialect {
    /** {@code scopes} and {@code state}; short tokens; a refresh token that stays the same. */
    @JsonProperty("legacy")
    LEGACY,
    /** {@code scope}; tokens of 2,500 characters; a new refresh token each time. */
    @JsonProperty("current")
    CURRENT,
    /** As current, but a refresh answers without a refresh token: the old one stays. */
    @JsonProperty("kept")
    KEPT
  }

  /** How the OAuth client stands: one that was deleted, or whose secret was made anew, fails. */
  public enum Client {
    @JsonProperty("accepted")
    ACCEPTED,
    /** As though it had not said who it is. */
    @JsonProperty("unauthenticated")
    UNAUTHENTICATED,
    /** In the words of RFC 6749. */
    @JsonProperty("invalid-client")
    INVALID_CLIENT,
    /** In the very words that are said of a refresh token that is dead. */
    @JsonProperty("invalid-credentials")
    INVALID_CREDENTIALS
  }

  /** What becomes of half a file. */
  public enum TornUploads {
    @JsonProperty("discarded")
    DISCARDED,
    /** As far as it came, in the place of what had its name. */
    @JsonProperty("kept")
    KEPT
  }

  /** The documentation says the one, users have seen the other. */
  public enum StatusIdentity {
    @JsonProperty("key")
    KEY,
    /** One key may stand several times, under different refnames and once without. */
    @JsonProperty("key+refname")
    KEY_AND_REFNAME
  }

  public static Settings defaults() {
    return new Settings(
        7200,
        600,
        180,
        false,
        0,
        3600,
        true,
        Dialect.CURRENT,
        false,
        true,
        Client.ACCEPTED,
        true,
        false,
        false,
        TornUploads.DISCARDED,
        0,
        0,
        StatusIdentity.KEY,
        "",
        false);
  }
}
