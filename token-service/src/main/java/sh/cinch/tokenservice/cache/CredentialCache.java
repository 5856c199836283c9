package sh.cinch.tokenservice.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.secret.Vault;
import sh.cinch.service.token.Account;
import sh.cinch.service.token.LeaseGiven;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.notification.ChangeNotifications;

/**
 * The newest state of each credential that this instance has seen. While notifications are heard,
 * what stands here is what stands in the row. And it outlives the row's: a database that was put
 * back to an older state gets from here what it has lost.
 */
public final class CredentialCache implements ChangeNotifications.Reader {

  private static final Logger log = LoggerFactory.getLogger(CredentialCache.class);

  private static final long MOST_BYTES = 32L * 1024 * 1024;

  /** As long as webhooks are served without PostgreSQL. */
  private static final Duration TRUSTED_WHILE_DISCONNECTED = Duration.ofMinutes(10);

  /**
   * @param seen when it was read, in the order of {@link #moments}
   */
  private record Remembered(CachedCredential known, long seen) {
    /** Roughly: the token in the open, and beside it the sealed ones. */
    int weight() {
      return 512 + 2 * known.credential().token().size();
    }
  }

  private final Credentials credentials;
  private final InstantSource clock;
  private final Cache<UUID, Remembered> remembered =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((UUID id, Remembered one) -> one.weight())
          .build();

  /** Orders readings of rows and notifications about them. */
  private final AtomicLong moments = new AtomicLong();

  private final Map<UUID, Long> changes = new ConcurrentHashMap<>();
  private volatile long connectedSince = Long.MAX_VALUE;
  private volatile @Nullable Instant disconnectedSince;

  public CredentialCache(Credentials credentials, InstantSource clock) {
    this.credentials = credentials;
    this.clock = clock;
    this.disconnectedSince = clock.instant();
  }

  /** What stands in the row, without looking; empty where that is not certain. Never blocks. */
  public Optional<CachedCredential> current(UUID id) {
    Remembered one = remembered.getIfPresent(id);
    return one != null && isCertain(id, one.seen()) ? Optional.of(one.known()) : Optional.empty();
  }

  /**
   * What stands in the row, which is mended first where an older state has come back to it.
   *
   * @throws org.jooq.exception.DataAccessException where PostgreSQL is away
   * @throws sh.cinch.service.secret.Vault.Unreadable where the ciphertext is of another keyset or
   *     row
   */
  public Optional<CachedCredential> look(UUID id) {
    long moment = moments.incrementAndGet();
    Optional<Credential> row = credentials.find(id);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    Optional<Credential> newer = newerThan(row.get());
    if (newer.isEmpty()) {
      return Optional.of(remember(row.get(), moment));
    }
    return Optional.of(
        putBack(newer.get())
            .map(mended -> remember(mended, moment))
            .orElseGet(() -> open(row.get())));
  }

  /** What was last known, where PostgreSQL cannot be asked and not too much time has passed. */
  public Optional<CachedCredential> lastKnown(UUID id) {
    Instant since = disconnectedSince;
    return since == null || clock.instant().isBefore(since.plus(TRUSTED_WHILE_DISCONNECTED))
        ? Optional.ofNullable(remembered.getIfPresent(id)).map(Remembered::known)
        : Optional.empty();
  }

  /** Those whose rows a {@link RollbackWatch} compares. */
  List<Credential> all() {
    return remembered.asMap().values().stream().map(one -> one.known().credential()).toList();
  }

  /** Puts back what its row has lost; empty where it has lost nothing. */
  Optional<Credential> putBack(Credential newer) {
    try {
      Optional<Credential> restored = credentials.restore(newer);
      restored.ifPresent(
          credential ->
              log.warn(
                  "credential={} had gone back to an older token in the database, as after a"
                      + " failover or a restored backup; the newer one of {} is put back",
                  credential.id(),
                  newer.token().madeAt()));
      return restored;
    } catch (Vault.Unreadable e) {
      // Its key was pruned since; the row's own token is all that is left.
      remembered.invalidate(newer.id());
      return Optional.empty();
    }
  }

  /** They may have changed unheard. */
  void doubt(Collection<UUID> ids) {
    ids.forEach(id -> changes.put(id, moments.incrementAndGet()));
  }

  /**
   * What this instance has just put into the row. It may have changed since, so it is not certain.
   */
  public void learn(Credential credential) {
    CachedCredential unused = remember(credential, changes.getOrDefault(credential.id(), 0L));
  }

  private CachedCredential remember(Credential credential, long moment) {
    CachedCredential known = open(credential);
    remembered
        .asMap()
        .merge(credential.id(), new Remembered(known, moment), CredentialCache::newer);
    return known;
  }

  private static Remembered newer(Remembered one, Remembered other) {
    Credential first = one.known().credential();
    Credential second = other.known().credential();
    if (first.isOlderThan(second) || second.isOlderThan(first)) {
      return first.isOlderThan(second) ? other : one;
    }
    return one.seen() < other.seen() ? other : one;
  }

  /**
   * @throws sh.cinch.service.secret.Vault.Unreadable as {@link #look}
   */
  public CachedCredential open(Credential credential) {
    return new CachedCredential(
        credential,
        credential
            .token()
            .authorization()
            .map(
                there ->
                    new LeasableToken(
                        new LeaseGiven(
                            credential.leaseId(),
                            credentials.authorization(credential),
                            credential.leaseEndsAt(),
                            Optional.of(credential.identity()),
                            credential.account().map(Account::uuid)))));
  }

  private Optional<Credential> newerThan(Credential row) {
    return Optional.ofNullable(remembered.getIfPresent(row.id()))
        .map(one -> one.known().credential())
        .filter(row::isOlderThan);
  }

  private boolean isCertain(UUID id, long seen) {
    return seen > connectedSince && seen > changes.getOrDefault(id, 0L);
  }

  @Override
  public void changed(String subject) {
    credentialOf(subject).ifPresent(id -> changes.put(id, moments.incrementAndGet()));
  }

  @Override
  public void connected() {
    disconnectedSince = null;
    connectedSince = moments.incrementAndGet();
  }

  @Override
  public void disconnected() {
    connectedSince = Long.MAX_VALUE;
    if (disconnectedSince == null) {
      disconnectedSince = clock.instant();
    }
  }

  private static Optional<UUID> credentialOf(String subject) {
    try {
      return Optional.of(UUID.fromString(subject));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
