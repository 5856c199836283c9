package sh.cinch.ingress.webhooks.hook;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.secret.Vault;

/**
 * Knows hooks without making an event loop wait. What it says was read from PostgreSQL within the
 * last second, so that a removed hook serves no longer than that; while PostgreSQL is away, what it
 * last said of a hook holds for ten minutes.
 */
public final class HookDirectory implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HookDirectory.class);

  /** What an instance takes a hook for is no older. */
  public static final Duration FRESH = Duration.ofSeconds(1);

  /** What is used at this age is read again before it is too old, with all others together. */
  private static final Duration AGING = FRESH.dividedBy(2);

  private static final Duration REFRESH_AGING = FRESH.dividedBy(5);

  private static final Duration OUTLASTS_AN_OUTAGE = Duration.ofMinutes(10);

  /** Much shorter than the pool's own patience: a delivery has ten seconds in all. */
  private static final Duration WAIT_WITH_SPARE = Duration.ofMillis(500);

  private static final Duration WAIT_WITHOUT = Duration.ofSeconds(2);

  /** Quiet hooks are read again too: an outage then finds them remembered. */
  private static final Duration REFRESH = Duration.ofMinutes(1);

  private static final int REMEMBERED = 50_000;

  private record Entry(Optional<KnownHook> hook, Instant readAt) {

    HookLookup lookup() {
      return hook.<HookLookup>map(HookLookup.Known::new).orElseGet(HookLookup.Unknown::new);
    }

    /** A clock that was set back makes nothing fresh. */
    boolean isFresh(Instant now) {
      return !now.isBefore(readAt) && now.isBefore(readAt.plus(FRESH));
    }

    boolean isAging(Instant now) {
      return !now.isBefore(readAt.plus(AGING));
    }

    boolean isNewer(Entry other, Instant now) {
      return readAt.isAfter(other.readAt()) && !readAt.isAfter(now);
    }

    /** That there is no such hook is believed only while it is fresh. */
    boolean outlasts(Instant now) {
      return hook.isPresent() && now.isBefore(readAt.plus(OUTLASTS_AN_OUTAGE));
    }
  }

  private final HookRows rows;
  private final InstantSource clock;
  private final Cache<HookName, Entry> entries =
      Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  /** Only what is under way: however many ask for a hook at once, it is read once. */
  private final AsyncLoadingCache<HookName, Optional<Entry>> reads =
      Caffeine.newBuilder()
          .expireAfterWrite(Duration.ZERO)
          .executor(task -> Thread.ofVirtual().name("hook-directory").start(task))
          .buildAsync(this::read);

  /** Hooks that are in use and will soon be too old. */
  private final Set<UUID> aging = ConcurrentHashMap.newKeySet();

  private final Loop refresh;
  private final Loop refreshAging;
  private volatile boolean away;

  private HookDirectory(HookRows rows, InstantSource clock) {
    this.rows = rows;
    this.clock = clock;
    this.refresh = Loop.start("hook-directory", this::refreshAll, REFRESH);
    this.refreshAging = Loop.start("hooks-in-use", this::refreshAging, REFRESH_AGING);
  }

  public static HookDirectory start(Database database, Vault vault, InstantSource clock) {
    return new HookDirectory(new HookRows(database, vault), clock);
  }

  /** Never fails, never blocks, and is complete at once where the answer is remembered. */
  public Future<HookLookup> find(HookName name) {
    Entry entry = entries.getIfPresent(name);
    Instant now = clock.instant();
    if (entry != null && entry.isFresh(now)) {
      if (entry.isAging(now)) {
        entry.hook().ifPresent(known -> aging.add(known.hook().id()));
      }
      return Future.succeededFuture(entry.lookup());
    }
    CompletableFuture<Optional<Entry>> read = reads.get(name);
    HookLookup otherwise =
        entry != null && entry.outlasts(now) ? entry.lookup() : new HookLookup.CannotKnow();
    boolean spare = otherwise instanceof HookLookup.Known;
    return spare && away
        ? Future.succeededFuture(otherwise)
        : Future.fromCompletionStage(read)
            .map(found -> found.map(Entry::lookup).orElse(otherwise))
            .timeout((spare ? WAIT_WITH_SPARE : WAIT_WITHOUT).toMillis(), TimeUnit.MILLISECONDS)
            .otherwise(otherwise);
  }

  /** It was just given one more UUID: should the database go away now, that is remembered too. */
  public KnownHook given(KnownHook known, HookUuid uuid) {
    KnownHook with = newest(known).with(uuid);
    remember(with, clock.instant());
    return with;
  }

  /** What is remembered of a hook by now, without looking for more. */
  public KnownHook newest(KnownHook known) {
    Entry entry = entries.getIfPresent(new HookName.ById(known.hook().id()));
    return entry == null ? known : entry.hook().orElse(known);
  }

  /** Empty where PostgreSQL does not say. */
  private Optional<Entry> read(HookName name) {
    Instant asked = clock.instant();
    try {
      Entry entry = new Entry(rows.find(name), asked);
      remember(name, entry);
      away = false;
      return Optional.of(entry);
    } catch (RuntimeException e) {
      if (!away && !Database.isAway(e)) {
        log.warn("cannot read hooks, going by memory", e);
      }
      away = true;
      return Optional.empty();
    }
  }

  private boolean refreshAll() {
    Instant asked = clock.instant();
    List<KnownHook> hooks = rows.newest(REMEMBERED / 2);
    hooks.forEach(known -> remember(known, asked));
    return false;
  }

  /** What of them is not there any more is found out by who asks next. */
  private boolean refreshAging() {
    if (!aging.isEmpty()) {
      Set<UUID> ids = Set.copyOf(aging);
      aging.removeAll(ids);
      Instant asked = clock.instant();
      rows.find(ids).forEach(known -> remember(known, asked));
    }
    return false;
  }

  private void remember(KnownHook known, Instant readAt) {
    Entry entry = new Entry(Optional.of(known), readAt);
    remember(new HookName.ById(known.hook().id()), entry);
    known.hook().uuids().forEach(uuid -> remember(new HookName.ByForgeUuid(uuid), entry));
  }

  /** Reading takes a while: what was read of one meanwhile, or written, is newer. */
  private void remember(HookName name, Entry entry) {
    Instant now = clock.instant();
    entries.asMap().merge(name, entry, (old, read) -> old.isNewer(read, now) ? old : read);
  }

  @Override
  public Check check() {
    return refresh.check() instanceof Check.Unwell unwell ? unwell : refreshAging.check();
  }

  @Override
  public void close() {
    refreshAging.close();
    refresh.close();
  }
}
