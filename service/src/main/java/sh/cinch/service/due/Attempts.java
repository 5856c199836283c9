package sh.cinch.service.due;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.database.Database;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.health.StuckWatch;

/**
 * Attempts at due rows: claims as many as there is room for, and acts on each on a thread of its
 * own. Where an attempt throws, nothing was written: once the claim has run out its row is due
 * again. One that does not end keeps its place, and says so.
 *
 * @param <C> a claim; its text goes to the log
 */
public final class Attempts<C> implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Attempts.class);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(15);

  /** Claims rows that are due. */
  @FunctionalInterface
  public interface Claims<C> {

    /**
     * @param most there is room for
     * @param underWay claims that are acted upon now
     */
    List<C> take(int most, Collection<C> underWay);
  }

  private final String name;
  private final int atOnce;
  private final int left;
  private final Claims<C> claims;
  private final Consumer<C> attempt;
  private final Supplier<StuckWatch> watches;
  private final Semaphore free;
  private final AtomicInteger kept = new AtomicInteger();
  private final Map<C, StuckWatch> underWay = new ConcurrentHashMap<>();
  private final Loop loop;
  private volatile boolean open = true;

  /** By {@link System#nanoTime}; of the loop's thread. */
  private long lookedUntil = System.nanoTime();

  private long lookTook;

  /** Whether the last look began so many that as many may be due still. */
  private boolean isCrowded;

  /** Whether more may be due than the last look could begin. */
  private boolean isBehind = true;

  private Attempts(
      String name,
      int atOnce,
      int left,
      Supplier<StuckWatch> watches,
      Claims<C> claims,
      Consumer<C> attempt) {
    this.name = name;
    this.watches = watches;
    this.atOnce = atOnce;
    this.left = left;
    this.claims = claims;
    this.attempt = attempt;
    this.free = new Semaphore(atOnce);
    this.loop = new Loop(name, this::begin, PAUSE, new StuckWatch());
  }

  /**
   * @param atOnce attempts under way together
   */
  public static <C> Attempts<C> start(
      String name, int atOnce, Claims<C> claims, Consumer<C> attempt) {
    return start(name, atOnce, 0, StuckWatch::new, claims, attempt);
  }

  /**
   * Looks leave a quarter of the places to what is claimed elsewhere, unless they could not begin
   * all that is due.
   *
   * @param atOnce attempts under way together
   * @see #keep
   */
  public static <C> Attempts<C> startLeavingSome(
      String name, int atOnce, Claims<C> claims, Consumer<C> attempt) {
    return start(name, atOnce, quarter(atOnce), StuckWatch::new, claims, attempt);
  }

  /**
   * @param longest that an attempt may take; beyond it something is wrong
   */
  public static <C> Attempts<C> start(
      String name, int atOnce, Duration longest, Claims<C> claims, Consumer<C> attempt) {
    return start(name, atOnce, 0, () -> new StuckWatch(longest, System::nanoTime), claims, attempt);
  }

  static <C> Attempts<C> start(
      String name,
      int atOnce,
      int left,
      Supplier<StuckWatch> watches,
      Claims<C> claims,
      Consumer<C> attempt) {
    Attempts<C> attempts = new Attempts<>(name, atOnce, left, watches, claims, attempt);
    // Not before it is whole: the first attempt may end at once.
    attempts.loop.begin();
    return attempts;
  }

  /** Something has become due. Never blocks. */
  public void wake() {
    loop.wake();
  }

  /**
   * Keeps places for claims that are made elsewhere than in a look: what becomes due just now need
   * not be looked for. Where a quarter is under way there are none.
   *
   * @param most that are wanted; fewer may be kept
   */
  public Places keep(int most) {
    int places = Math.min(most, left - underWay.size() - kept.get());
    if (places <= 0 || !free.tryAcquire(places)) {
      return new Places(0);
    }
    kept.addAndGet(places);
    return new Places(places);
  }

  /** Places that are nobody else's until they are used. */
  public final class Places {

    private final int count;

    private Places(int count) {
      this.count = count;
    }

    public int count() {
      return count;
    }

    /**
     * Acts on these claims; places beyond them are free again. Called once.
     *
     * @param some as many as there are places, at most
     */
    public void begin(Collection<C> some) {
      some.forEach(Attempts.this::begin);
      kept.addAndGet(-count);
      free.release(count - some.size());
    }
  }

  /** The claims that are acted upon now. */
  public Set<C> underWay() {
    return Set.copyOf(underWay.keySet());
  }

  /** How many attempts are under way. */
  public int count() {
    return underWay.size();
  }

  private boolean begin() {
    int places = places();
    int begun = 0;
    boolean isAllBegun = false;
    try {
      if (places > 0) {
        for (C claim : look(places)) {
          begin(claim);
          begun++;
        }
      }
      isAllBegun = begun < places;
    } finally {
      free.release(places - begun);
      isCrowded = begun >= many();
      isBehind = !isAllBegun;
    }
    return open && begun == places;
  }

  private void begin(C claim) {
    StuckWatch watch = watches.get();
    watch.begins();
    underWay.put(claim, watch);
    Thread.ofVirtual().name(name).start(() -> act(claim));
  }

  private List<C> look(int places) {
    long began = System.nanoTime();
    try {
      return claims.take(places, underWay());
    } finally {
      lookedUntil = System.nanoTime();
      lookTook = lookedUntil - began;
    }
  }

  /** As many as are free, one at least unless none becomes free in time. */
  private int places() {
    try {
      int places = rested();
      if (!open) {
        free.release(places);
        return 0;
      }
      if (places == 0 && free.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        places = 1;
      }
      return places == 0 ? 0 : withOthers(places);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** All that are free, but for those that are left while little is due. */
  private int withOthers(int places) {
    int all = places + free.drainPermits();
    int others = isBehind ? 0 : Math.min(left, all - 1);
    free.release(others);
    return all - others;
  }

  /**
   * Looks half of the time at most, and where much is due a third of it: the more ends meanwhile,
   * the more one look begins, and it is worth a look as soon as many have ended.
   *
   * @return the places that were waited for
   */
  private int rested() throws InterruptedException {
    if (isCrowded) {
      return free.tryAcquire(many(), restLeft(2 * lookTook), TimeUnit.NANOSECONDS) ? many() : 0;
    }
    TimeUnit.NANOSECONDS.sleep(restLeft(lookTook));
    return 0;
  }

  private long restLeft(long rest) {
    return Math.min(rest, PAUSE.toNanos()) - (System.nanoTime() - lookedUntil);
  }

  private int many() {
    return quarter(atOnce);
  }

  private static int quarter(int atOnce) {
    return Math.max(1, atOnce / 4);
  }

  private void act(C claim) {
    try {
      attempt.accept(claim);
    } catch (RuntimeException e) {
      if (!Database.isAway(e)) {
        log.warn("{} failed: {}", name, claim, e);
      }
    } finally {
      underWay.remove(claim);
      free.release();
      // Its end may have made more due, and what exceeds a share has waited for it.
      loop.wake();
    }
  }

  @Override
  public Check check() {
    return underWay.values().stream()
        .map(watch -> watch.check("an attempt of " + name))
        .filter(Check.Unwell.class::isInstance)
        .findFirst()
        .orElseGet(loop::check);
  }

  /**
   * Begins nothing more, and waits for what is under way.
   *
   * @return whether all of it has ended
   */
  public boolean finish(Duration within) {
    open = false;
    loop.close();
    try {
      return free.tryAcquire(atOnce, within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    if (!finish(TIME_TO_FINISH)) {
      log.warn("{} did not end in {} s; others will repeat it", name, TIME_TO_FINISH.toSeconds());
    }
  }
}
