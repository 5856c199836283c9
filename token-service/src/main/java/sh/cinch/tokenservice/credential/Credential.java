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
 * @param repository what a pasted token is probed with
 * @param version of the row
 * @param refreshingUntil until then somebody may be refreshing it
 * @param dueAt when it wants to be refreshed, ahead of need or once more
 * @param lastUsedAt when it was last lent, else when it was made
 */
public record Credential(
    UUID id,
    Kind kind,
    Optional<Account> account,
    Optional<RepositoryAddress> repository,
    Set<String> scopes,
    Token token,
    Standing standing,
    long version,
    Optional<Instant> refreshingUntil,
    Optional<Instant> dueAt,
    Instant lastUsedAt) {

  public Credential {
    scopes = Set.copyOf(scopes);
  }

  public boolean isBeingRefreshed(Instant now) {
    return refreshingUntil.filter(now::isBefore).isPresent();
  }

  /** After a failure only at its time: many lessees of a dead token must not become many tries. */
  public boolean mayBeTried(Instant now) {
    return standing.failures() == 0 || dueAt.filter(now::isBefore).isEmpty();
  }

  /** The forge could not say: nothing speaks against the grant. */
  public Credential postponed(Instant next) {
    return with(token, standing.failedAgain(), Optional.of(next));
  }

  /** The forge said no, and that may pass. */
  public Credential doubted(String why, boolean speaksAgainstTheGrant, Instant next) {
    return with(token, standing.doubted(why, speaksAgainstTheGrant), Optional.of(next));
  }

  /** It works as far as we know, and something about it is odd. */
  public Credential questioned(String why) {
    return with(token, standing.questioned(why), dueAt);
  }

  /** Only a person can mend it. */
  public Credential condemned(String why) {
    return with(token, standing.condemned(why), Optional.empty());
  }

  /** The forge no longer takes its access token, whatever was said about its life. */
  public Credential expired(Instant now) {
    return with(token.ending(now), standing, standing.failures() == 0 ? Optional.of(now) : dueAt);
  }

  public Credential due(Instant next) {
    return with(token, standing, Optional.of(next));
  }

  private Credential with(Token other, Standing now, Optional<Instant> due) {
    return new Credential(
        id,
        kind,
        account,
        repository,
        scopes,
        other,
        now,
        version,
        Optional.empty(),
        due,
        lastUsedAt);
  }
}
