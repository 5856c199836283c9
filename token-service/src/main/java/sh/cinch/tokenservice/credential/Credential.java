package sh.cinch.tokenservice.credential;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.service.token.Account;
import sh.cinch.service.token.StoredCredential;

/**
 * A credential as its row was when it was read. What becomes of it is another one, for {@link
 * Credentials#save}.
 *
 * @param client the OAuth client that a grant was given to; empty for pasted tokens
 * @param repository what a pasted token is probed with
 * @param version of the row
 * @param lastUsedAt when it was last lent, else when it was made
 * @param keptUntil of one that another took the place of: how long the statuses that it began may
 *     be finished with it
 */
public record Credential(
    UUID id,
    Kind kind,
    Optional<String> client,
    Optional<Account> account,
    Optional<ForgeRepository> repository,
    Set<String> scopes,
    Token token,
    RefreshHistory history,
    long version,
    Refreshing refreshing,
    Instant lastUsedAt,
    Optional<Instant> keptUntil) {

  public Credential {
    scopes = Set.copyOf(scopes);
  }

  public boolean isBeingRefreshed(Instant now) {
    return refreshing.isClaimed(now);
  }

  /** No call can be made with it until a person acts. */
  public boolean isOver() {
    return switch (history.state()) {
      case HEALTHY, UNCLEAR -> false;
      case NEEDS_AUTHORIZATION -> true;
      case REVOKED -> !isKept();
    };
  }

  /** Another took its place: to all but those who finish what it began it is as good as erased. */
  public boolean isKept() {
    return keptUntil.isPresent();
  }

  /** After a failure only at its time: many lessees of a dead token must not become many tries. */
  public boolean mayBeTried(Instant now) {
    return history.failures() == 0
        || refreshing.dueAt().map(due -> !now.isBefore(due)).orElse(false);
  }

  /** Its refresh token may be a dead one, and using a dead one can lock the whole client out. */
  public boolean isSuspect() {
    return history.refusals() > 0;
  }

  /** When the end of the credential itself is, not of one of its access tokens. */
  public Optional<Instant> endsAt() {
    return kind == Kind.OAUTH ? Optional.empty() : token.life().map(TokenLife::expiresAt);
  }

  /** From when on nobody uses one of its leases; empty where that is not known. */
  public Optional<Instant> leaseEndsAt() {
    return Stream.concat(token.life().map(TokenLife::expiresAt).stream(), keptUntil.stream())
        .min(Instant::compareTo);
  }

  /**
   * Names a lease after the token that it lends, so that a rejection can be matched without a row
   * for each lease.
   */
  public UUID leaseId() {
    // With the time beside the version: a database put back to an older state counts the same
    // again.
    String name = id + ":" + token.version() + ":" + token.madeAt().toEpochMilli();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Whose requests the forge counts together. Of grants it may be the whole OAuth client's, whoever
   * gave them.
   */
  public String identity() {
    return client.map(Credential::identityOf).orElse("token " + id);
  }

  /** Of every grant to this OAuth client. */
  public static String identityOf(String client) {
    return "client " + client;
  }

  /** What callers may know of it. */
  public StoredCredential view() {
    return new StoredCredential(
        id,
        kind.word(),
        scopes.stream().sorted().toList(),
        history.state(),
        account,
        endsAt(),
        history.reason());
  }

  /** Another newer token is known than the one that stands in this row. */
  public boolean isOlderThan(Credential other) {
    return token.madeAt().isBefore(other.token().madeAt());
  }

  /** The forge could not say, and nothing has happened there: nothing speaks against the grant. */
  public Credential postponed(Instant next) {
    return with(token, history.failedAgain(), refreshing.ended(Optional.of(next)));
  }

  /** The forge gave no usable answer to what was asked at that time. */
  public Credential unanswered(Instant askedAt, Instant next) {
    return with(token, history.failedAgain(), refreshing.unanswered(askedAt, Optional.of(next)));
  }

  /** Nobody has asked the forge, and somebody will later. */
  public Credential due(Instant next) {
    return with(token, history, refreshing.ended(Optional.of(next)));
  }

  /**
   * The forge said no, and that may pass.
   *
   * @param next when it is tried once more; empty where only a person may start that
   */
  public Credential doubted(String why, Optional<Instant> next) {
    return with(token, history.doubted(why), refreshing.ended(next));
  }

  /** It could not be tried, for a fault that is none of its own. */
  public Credential hindered(String why, Instant next) {
    return with(token, history.questioned(why), refreshing.ended(Optional.of(next)));
  }

  /** It works as far as we know, and something about it is odd. */
  public Credential questioned(String why) {
    return with(token, history.questioned(why), refreshing.ended(refreshing.dueAt()));
  }

  /** It works, and somebody should know this. */
  public Credential warned(String what, Instant next) {
    return with(token, history.warned(what), refreshing.ended(Optional.of(next)));
  }

  /** Only a person can mend it. */
  public Credential condemned(String why) {
    return with(token, history.condemned(why), refreshing.ended(Optional.empty()));
  }

  /** A person wants it tried once more, with the care that a suspect is tried with. */
  public Credential triedOnceMore(Instant now) {
    return with(token, history.triedOnceMore(), refreshing.ended(Optional.of(now)));
  }

  /** The forge no longer takes its access token, whatever was said about its life. */
  public Credential expired(Instant now) {
    return with(
        token.ending(now),
        history,
        refreshing.ended(history.failures() == 0 ? Optional.of(now) : refreshing.dueAt()));
  }

  private Credential with(Token other, RefreshHistory now, Refreshing then) {
    return new Credential(
        id,
        kind,
        client,
        account,
        repository,
        scopes,
        other,
        now,
        version,
        then,
        lastUsedAt,
        keptUntil);
  }
}
