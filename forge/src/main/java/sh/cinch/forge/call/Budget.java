package sh.cinch.forge.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Priority;

/**
 * What an identity may still ask for of one pool.
 *
 * @param usual requests that the forge takes in a window where nothing else is known; 0: as many as
 *     are made
 * @param counts of each priority, in the same window
 * @param announced the limit as the forge's answers tell it
 * @param lowered the limit as its refusals let it be known
 * @param elsewhere what others must have asked for with the same credential
 * @param rest where it is not to be asked now
 * @param rested the end of the last rest, and the refusal it began with
 */
record Budget(
    Window window,
    Pool pool,
    int usual,
    Map<Priority, RollingCount> counts,
    Optional<Integer> announced,
    Optional<Lowered> lowered,
    Optional<Elsewhere> elsewhere,
    Optional<Rest> rest,
    Optional<Rested> rested) {

  /** A limit for a while. */
  record Lowered(int limit, Instant until) {}

  /** Requests that count for a while, and were not made by us. */
  record Elsewhere(int requests, Instant until) {}

  /** A rest that is over. */
  record Rested(Instant since, Instant at) {}

  /** Of a limit that is less, nothing is kept for anybody. */
  private static final int LEAST_TO_SHARE = 20;

  Budget {
    counts = Collections.unmodifiableMap(new EnumMap<>(counts));
  }

  static Budget fresh(Window window, Pool pool, int usual) {
    Map<Priority, RollingCount> counts = new EnumMap<>(Priority.class);
    for (Priority each : Priority.values()) {
      counts.put(each, window.empty());
    }
    return new Budget(
        window,
        pool,
        usual,
        counts,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  Budget at(Instant now) {
    long part = window.part(now);
    Map<Priority, RollingCount> still = new EnumMap<>(counts);
    still.replaceAll((priority, count) -> count.at(part));
    // All of them, so that they go on together.
    long newest = still.values().stream().mapToLong(RollingCount::newest).max().orElse(part);
    still.replaceAll((priority, count) -> count.at(newest));
    return new Budget(
        window,
        pool,
        usual,
        still,
        announced,
        lowered.filter(limit -> now.isBefore(limit.until())),
        elsewhere.filter(others -> now.isBefore(others.until())),
        rest.filter(resting -> now.isBefore(resting.until().plus(window.length()))),
        rested);
  }

  boolean isLimited() {
    return usual > 0;
  }

  /** The limit that holds while nothing lowers it. */
  int known() {
    return announced.orElse(usual);
  }

  int limit() {
    return lowered.map(lower -> Math.min(lower.limit(), known())).orElseGet(this::known);
  }

  int used() {
    return counts.values().stream().mapToInt(RollingCount::sum).sum();
  }

  int left() {
    return leftAt(newest());
  }

  private int leftAt(long part) {
    return limit()
        - counts.values().stream().mapToInt(count -> count.sumAt(part)).sum()
        - elsewhere.map(Elsewhere::requests).orElse(0);
  }

  /** Whether those who come last already leave the rest to others. */
  boolean isScarce() {
    return isLimited() && left() <= limit() / 5;
  }

  /** How many requests are there for a priority. */
  int available(Priority priority) {
    return availableAt(priority, newest());
  }

  /** The first part in which there are some again, if nothing else is asked for. */
  Instant availableAgain(Priority priority) {
    long part = newest() + 1;
    long last = newest() + window.places();
    while (part < last && availableAt(priority, part) <= 0) {
      part++;
    }
    return window.begin(part);
  }

  private int availableAt(Priority priority, long part) {
    int left = leftAt(part);
    int others =
        Arrays.stream(Priority.values())
            .mapToInt(
                other ->
                    (other == priority ? 0 : own(other, part))
                        + (other.compareTo(priority) < 0 ? leftFor(other) : 0))
            .sum();
    return Math.max(left - others, Math.min(left, own(priority, part)));
  }

  /** What nobody else takes of a priority's own, since it has not spent it. */
  private int own(Priority priority, long part) {
    boolean has = pool == Pool.REPOSITORIES || priority == Priority.RECONCILE;
    return has ? Math.max(0, of(priority.own()) - count(priority).sumAt(part)) : 0;
  }

  /** Nothing but connecting and reconciling asks for webhooks. */
  private int leftFor(Priority priority) {
    return pool == Pool.REPOSITORIES ? of(priority.left()) : 0;
  }

  private int of(int percent) {
    return limit() < LEAST_TO_SHARE ? 0 : limit() * percent / 100;
  }

  Budget taken(Priority priority, int requests) {
    return counting(priority, count(priority).plus(requests));
  }

  /**
   * Requests that were counted and not made. What a refusal found counted was so many fewer, and so
   * is the limit that it tells.
   */
  Budget givenBack(Priority priority, long part, int requests) {
    Budget less = counting(priority, count(priority).minus(part, requests));
    return rest.isEmpty()
        ? less
        : less.with(lowered.map(lower -> corrected(lower, less)), rest, rested);
  }

  private Lowered corrected(Lowered lower, Budget less) {
    int corrected = Math.max(lower.limit() - (used() - less.used()), Math.max(1, less.used()));
    return new Lowered(Math.min(lower.limit(), corrected), lower.until());
  }

  /**
   * The forge refuses a request, which then was none. Where it was expected to take it, it is
   * expected to take no more than so many for a window.
   *
   * @param asked for how long the forge asks to be left alone
   */
  Budget refused(Instant now, Optional<Duration> asked) {
    Instant since =
        rest.map(Rest::since)
            .or(
                () ->
                    rested
                        .filter(past -> now.isBefore(past.at().plus(Rest.SOON)))
                        .map(Rested::since))
            .orElse(now);
    Optional<Lowered> lower =
        isLimited() && left() > 0
            ? Optional.of(new Lowered(Math.max(1, used()), now.plus(window.length())))
            : lowered;
    return with(lower, Optional.of(Rest.after(since, now, asked)), rested);
  }

  /** Whether the forge takes requests again is still not known. */
  Budget unanswered(Instant now) {
    return with(
        lowered, rest.map(still -> Rest.after(still.since(), now, Optional.empty())), rested);
  }

  Budget probed(Instant now) {
    return with(lowered, rest.map(still -> still.probedAt(now)), rested);
  }

  /** The request that was to tell for all was not made. */
  Budget unprobed() {
    return with(
        lowered,
        rest.map(still -> new Rest(still.since(), still.until(), Optional.empty())),
        rested);
  }

  /**
   * The forge takes requests again. A limit that this goes beyond, and still would were all
   * forgotten that the forge may have forgotten by now, is not the forge's.
   */
  Budget passed(Instant now) {
    long later = Window.later(newest());
    int surely = counts.values().stream().mapToInt(count -> count.sumAt(later)).sum();
    return with(
        lowered.filter(lower -> surely < lower.limit()),
        Optional.empty(),
        rest.map(over -> new Rested(over.since(), now)).or(() -> rested));
  }

  /** The forge says what its limit is, and whether less than a fifth of it is left. */
  Budget told(int limit, boolean isNear, Instant now) {
    Budget told = telling(limit, lowered, elsewhere);
    int fifth = limit / 5;
    if (isNear) {
      int others = told.left() - fifth;
      return others <= 0
          ? told
          : telling(
              limit,
              lowered,
              Optional.of(
                  new Elsewhere(
                      others + elsewhere.map(Elsewhere::requests).orElse(0),
                      now.plus(window.length()))));
    }
    return told.left() >= fifth ? told : telling(limit, Optional.empty(), Optional.empty());
  }

  private RollingCount count(Priority priority) {
    return counts.getOrDefault(priority, window.empty());
  }

  long newest() {
    return count(Priority.FINAL).newest();
  }

  private Budget counting(Priority priority, RollingCount count) {
    Map<Priority, RollingCount> changed = new EnumMap<>(counts);
    changed.put(priority, count);
    return new Budget(window, pool, usual, changed, announced, lowered, elsewhere, rest, rested);
  }

  private Budget telling(int limit, Optional<Lowered> lower, Optional<Elsewhere> others) {
    return new Budget(window, pool, usual, counts, Optional.of(limit), lower, others, rest, rested);
  }

  private Budget with(Optional<Lowered> lower, Optional<Rest> resting, Optional<Rested> past) {
    return new Budget(window, pool, usual, counts, announced, lower, elsewhere, resting, past);
  }
}
