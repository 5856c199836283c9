package sh.cinch.tokenservice.credential;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import sh.cinch.bitbucket.client.RepositoryAddress;

/**
 * A credential as its row was when it was read. What becomes of it is another one, for {@link
 * Credentials#save}.
 *
 * @param client the OAuth client that a grant was given to; empty for pasted tokens
 * @param repository what a pasted token is probed with
 * @param version of the row
 * @param lastUsedAt when it was last lent, else when it was made
 */
public record Credential(
    UUID id,
    Kind kind,
    Optional<String> client,
    Optional<Account> account,
    Optional<RepositoryAddress> repository,
    Set<String> scopes,
    Token token,
    CredentialHealth standing,
    long version,
    Refreshing refreshing,
    Instant lastUsedAt) {

  public Credential {
    scopes = Set.copyOf(scopes);
  }

  public boolean isBeingRefreshed(Instant now) {
    return refreshing.isClaimed(now);
  }

  /** No call can be made with it until a person acts. */
  public boolean isOver() {
    return switch (standing.state()) {
      case HEALTHY, UNCLEAR -> false;
      case NEEDS_AUTHORIZATION, REVOKED -> true;
    };
  }

  /** After a failure only at its time: many lessees of a dead token must not become many tries. */
  public boolean mayBeTried(Instant now) {
    return standing.failures() == 0
        || refreshing.dueAt().map(due -> !now.isBefore(due)).orElse(false);
  }

  /** Its refresh token may be a dead one, and using a dead one can lock the whole client out. */
  public boolean isSuspect() {
    return standing.refusals() > 0;
  }

  /** When the end of the credential itself is, not of one of its access tokens. */
  public Optional<Instant> endsAt() {
    return kind == Kind.OAUTH ? Optional.empty() : token.life().map(TokenLife::expiresAt);
  }

  /** Another newer token is known than the one that stands in this row. */
  public boolean isOlderThan(Credential other) {
    return token.madeAt().isBefore(other.token().madeAt());
  }

  /** The forge could not say, and nothing has happened there: nothing speaks against the grant. */
  public Credential postponed(Instant next) {
    return with(token, standing.failedAgain(), refreshing.ended(Optional.of(next)));
  }

  /** The forge gave no usable answer to what was asked at that time. */
  public Credential unanswered(Instant askedAt, Instant next) {
    return with(token, standing.failedAgain(), refreshing.unanswered(askedAt, Optional.of(next)));
  }

  /** Nobody has asked the forge, and somebody will later. */
  public Credential due(Instant next) {
    return with(token, standing, refreshing.ended(Optional.of(next)));
  }

  /**
   * The forge said no, and that may pass.
   *
   * @param next when it is tried once more; empty where only a person may start that
   */
  public Credential doubted(String why, Optional<Instant> next) {
    return with(token, standing.doubted(why), refreshing.ended(next));
  }

  /** It could not be tried, for a fault that is none of its own. */
  public Credential hindered(String why, Instant next) {
    return with(token, standing.questioned(why), refreshing.ended(Optional.of(next)));
  }

  /** It works as far as we know, and something about it is odd. */
  public Credential questioned(String why) {
    return with(token, standing.questioned(why), refreshing.ended(refreshing.dueAt()));
  }

  /** It works, and somebody should know this. */
  public Credential warned(String what, Instant next) {
    return with(token, standing.warned(what), refreshing.ended(Optional.of(next)));
  }

  /** Only a person can mend it. */
  public Credential condemned(String why) {
    return with(token, standing.condemned(why), refreshing.ended(Optional.empty()));
  }

  /** A person wants it tried once more, with the care that a suspect is tried with. */
  public Credential triedOnceMore(Instant now) {
    return with(token, standing.triedOnceMore(), refreshing.ended(Optional.of(now)));
  }

  /** The forge no longer takes its access token, whatever was said about its life. */
  public Credential expired(Instant now) {
    return with(
        token.ending(now),
        standing,
        refreshing.ended(standing.failures() == 0 ? Optional.of(now) : refreshing.dueAt()));
  }

  private Credential with(Token other, CredentialHealth now, Refreshing then) {
    return new Credential(
        id, kind, client, account, repository, scopes, other, now, version, then, lastUsedAt);
  }
}
