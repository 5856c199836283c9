package sh.cinch.forge.call;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Priority;
import sh.cinch.forge.call.BudgetLedger.Step;

/**
 * A budget as this instance knows it, and what it has reserved of it: a few requests at once, so
 * that not each is a transaction. What it does not need within seconds it gives back; what an
 * instance that was killed had reserved is lost for a window.
 */
final class LocalBudget {

  private static final Logger log = LoggerFactory.getLogger(LocalBudget.class);
  private static final Duration KEPT = Duration.ofSeconds(2);
  private static final Duration AWAY = Duration.ofSeconds(1);

  /** Of what is left, and of the limit, an instance reserves at most one such part. */
  private static final int PART_OF_WHAT_IS_LEFT = 10;

  private static final int PART_OF_THE_LIMIT = 50;
  private static final int ALWAYS_AT_ONCE = 8;
  private static final int PART_AT_ONCE = 100;
  private static final int AT_ONCE_WHERE_SCARCE = 2;

  /** Requests that may be made. */
  private record Reserve(int requests, long part, Instant at) {}

  /** What came of asking for a request. */
  sealed interface Taking {

    /**
     * It may be made.
     *
     * @param part in which it counts
     * @param isProbe whether all wait for its answer
     * @param spare others that were taken with it
     */
    record Taken(long part, boolean isProbe, int spare) implements Taking {

      Taken(long part, boolean isProbe) {
        this(part, isProbe, 0);
      }
    }

    /**
     * It may not.
     *
     * @param isResting whether the forge has refused others, and not only what is left
     * @param until not before
     */
    record Withheld(boolean isResting, Instant until) implements Taking {}
  }

  private final BudgetKey key;
  private final BudgetLedger ledger;
  private final InstantSource clock;
  private final Pace pace = new Pace();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Priority, Reserve> reserves = new EnumMap<>(Priority.class);
  private final Map<Priority, Integer> uncounted = new EnumMap<>(Priority.class);
  private Budget known;
  private Instant used;
  private Instant awayUntil = Instant.MIN;

  LocalBudget(BudgetKey key, BudgetLedger ledger) {
    this.key = key;
    this.ledger = ledger;
    this.clock = ledger.clock();
    this.known =
        Budget.fresh(ledger.window(), key.pool(), ledger.usual(key.pool())).at(clock.instant());
    this.used = clock.instant();
  }

  /** Takes one request; blocks for up to a second where others' answers are to be waited for. */
  Taking take(Priority priority) {
    pace.begin(atOnce());
    Taking taking = new Taking.Withheld(false, clock.instant());
    try {
      taking = locked(() -> taken(priority, clock.instant()));
      return taking;
    } finally {
      if (!(taking instanceof Taking.Taken)) {
        pace.left();
      }
    }
  }

  private int atOnce() {
    return locked(
        () ->
            known.isLimited()
                ? known.isScarce()
                    ? AT_ONCE_WHERE_SCARCE
                    : Math.max(ALWAYS_AT_ONCE, known.limit() / PART_AT_ONCE)
                : Integer.MAX_VALUE);
  }

  private Taking taken(Priority priority, Instant now) {
    used = now;
    Optional<Rest> rest = known.rest();
    if (rest.isPresent() && now.isBefore(rest.get().end())) {
      return new Taking.Withheld(true, rest.get().again(now));
    }
    if (rest.isEmpty() && !known.isLimited()) {
      return new Taking.Taken(0, false);
    }
    Reserve reserve = reserves.get(priority);
    if (rest.isEmpty() && reserve != null && reserve.requests() > 0) {
      reserves.put(priority, new Reserve(reserve.requests() - 1, reserve.part(), reserve.at()));
      return new Taking.Taken(reserve.part(), false);
    }
    return reserved(priority, now);
  }

  private Taking reserved(Priority priority, Instant now) {
    if (now.isBefore(awayUntil)) {
      return blindly(priority, now);
    }
    try {
      Step<Taking> step = ledger.change(key, budget -> reserve(counting(budget), priority, now));
      uncounted.clear();
      known = step.next();
      if (step.result() instanceof Taking.Taken taken && taken.spare() > 0) {
        reserves.put(priority, new Reserve(taken.spare(), taken.part(), now));
      }
      return step.result();
    } catch (DataAccessException e) {
      if (!BudgetLedger.isUnknowable(e)) {
        throw e;
      }
      awayUntil = now.plus(AWAY);
      return blindly(priority, now);
    }
  }

  private Step<Taking> reserve(Budget budget, Priority priority, Instant now) {
    Optional<Rest> rest = budget.rest();
    if (rest.isPresent()) {
      return now.isBefore(rest.get().end())
          ? new Step<>(budget, new Taking.Withheld(true, rest.get().again(now)))
          : new Step<>(
              budget.probed(now).taken(priority, 1), new Taking.Taken(budget.newest(), true));
    }
    if (!budget.isLimited()) {
      return new Step<>(budget, new Taking.Taken(0, false));
    }
    int available = budget.available(priority);
    if (available <= 0) {
      return new Step<>(budget, new Taking.Withheld(false, budget.availableAgain(priority)));
    }
    int some =
        Math.max(1, Math.min(available / PART_OF_WHAT_IS_LEFT, budget.limit() / PART_OF_THE_LIMIT));
    return new Step<>(
        budget.taken(priority, some), new Taking.Taken(budget.newest(), false, some - 1));
  }

  /** For want of counting no request waits: it is counted later, and within what was last known. */
  private Taking blindly(Priority priority, Instant now) {
    known = known.at(now);
    if (known.rest().isEmpty() && known.isLimited() && known.available(priority) <= 0) {
      return new Taking.Withheld(false, known.availableAgain(priority));
    }
    count(priority);
    boolean isProbe = known.rest().isPresent();
    known = known.probed(now).taken(priority, 1);
    return new Taking.Taken(known.newest(), isProbe);
  }

  /** What was taken is not needed after all: it is whoever's asks next. */
  void notMade(Priority priority, Taking.Taken taken) {
    pace.left();
    locked(
        () -> {
          if (taken.isProbe()) {
            change(budget -> budget.unprobed().givenBack(priority, taken.part(), 1));
          } else if (known.isLimited()) {
            reserves.merge(
                priority,
                new Reserve(1, taken.part(), clock.instant()),
                (some, one) -> new Reserve(some.requests() + 1, some.part(), some.at()));
          }
          return known;
        });
  }

  /** A request that is made in any case. */
  void made(Priority priority) {
    locked(
        () -> {
          used = clock.instant();
          count(priority);
          return used;
        });
  }

  private void count(Priority priority) {
    uncounted.merge(priority, 1, Integer::sum);
  }

  private Budget counting(Budget budget) {
    Budget all = budget;
    for (Map.Entry<Priority, Integer> each : uncounted.entrySet()) {
      all =
          each.getValue() > 0
              ? all.taken(each.getKey(), each.getValue())
              : all.givenBack(each.getKey(), all.newest(), -each.getValue());
    }
    return all;
  }

  /** An upload is under way for long, and tells nothing on its way. */
  void takesLong() {
    pace.left();
  }

  /** The forge refused a request; what was reserved is given back. */
  void refused(Priority priority, Taking.Taken taken, boolean isPaced, Optional<Duration> asked) {
    if (isPaced) {
      pace.refused();
    }
    locked(
        () -> {
          Instant now = clock.instant();
          if (known.rest().isPresent() && !taken.isProbe()) {
            // What was under way when the first was refused tells nothing new.
            uncounted.merge(priority, -1, Integer::sum);
            return known;
          }
          Budget before = known;
          change(
              budget -> {
                Budget less = released(budget).givenBack(priority, taken.part(), 1);
                return less.rest().isPresent() && !taken.isProbe()
                    ? less
                    : less.refused(now, asked);
              });
          reserves.clear();
          if (before.rest().isEmpty()) {
            log.info(
                "the forge refuses requests for now: identity={} pool={} counted={} limit={}"
                    + " next={}",
                key.identity(),
                key.pool(),
                known.used(),
                before.limit(),
                known.rest().map(Rest::until).orElse(now));
          }
          return known;
        });
  }

  /**
   * The forge answered otherwise, or not at all.
   *
   * @param isAnswered whether it tells that requests are taken
   */
  void ended(Taking.Taken taken, boolean isPaced, boolean isAnswered) {
    if (isPaced) {
      pace.taken();
    }
    if (taken.isProbe()) {
      locked(
          () -> {
            Instant now = clock.instant();
            change(budget -> isAnswered ? budget.passed(now) : budget.unanswered(now));
            if (isAnswered) {
              log.info(
                  "the forge takes requests again: identity={} pool={}",
                  key.identity(),
                  key.pool());
            }
            return known;
          });
    }
  }

  /** The forge tells its limit. */
  void told(int limit, boolean isNear) {
    locked(
        () -> {
          Instant now = clock.instant();
          Budget here = known.at(now);
          // Most answers say what is known.
          if (here.isLimited() && !here.told(limit, isNear, now).equals(here)) {
            change(budget -> released(budget).told(limit, isNear, now));
            reserves.clear();
          }
          return known;
        });
  }

  /** As far as the rows cannot be had, this instance remembers it alone. */
  private void change(UnaryOperator<Budget> change) {
    Instant now = clock.instant();
    try {
      if (!now.isBefore(awayUntil)) {
        known = ledger.change(key, budget -> new Step<>(change.apply(counting(budget)), "")).next();
        uncounted.clear();
        return;
      }
    } catch (DataAccessException e) {
      if (!BudgetLedger.isUnknowable(e)) {
        throw e;
      }
      awayUntil = now.plus(AWAY);
    }
    known = change.apply(known.at(now));
  }

  private Budget released(Budget budget) {
    Budget less = budget;
    for (Map.Entry<Priority, Reserve> each : reserves.entrySet()) {
      less = less.givenBack(each.getKey(), each.getValue().part(), each.getValue().requests());
    }
    return less;
  }

  /** Gives back what nobody needed, and counts what could not be counted before. */
  void tend() {
    locked(
        () -> {
          Instant now = clock.instant();
          Instant old = now.minus(KEPT);
          reserves.values().removeIf(reserve -> reserve.requests() == 0);
          // In a rest nobody needs it, and before that ends it must be known what was counted.
          boolean isIdle =
              known.at(now).rest().isPresent()
                  ? !reserves.isEmpty()
                  : reserves.values().stream().anyMatch(each -> each.at().isBefore(old));
          if (isIdle || !uncounted.isEmpty()) {
            change(budget -> isIdle ? released(budget) : budget);
            if (isIdle) {
              reserves.clear();
            }
          }
          return known;
        });
  }

  /** Whether what others do may matter before anything is asked from here. */
  boolean isDoubtful() {
    return locked(() -> known.rest().isPresent() || known.at(clock.instant()).isScarce());
  }

  void learn(Optional<Budget> now) {
    locked(
        () -> {
          known =
              now.orElseGet(
                      () -> Budget.fresh(ledger.window(), key.pool(), ledger.usual(key.pool())))
                  .at(clock.instant());
          return known;
        });
  }

  boolean isIdle() {
    return locked(
        () ->
            reserves.isEmpty()
                && uncounted.isEmpty()
                && known.at(clock.instant()).rest().isEmpty()
                && used.plus(ledger.window().length()).isBefore(clock.instant()));
  }

  Budget known() {
    return locked(() -> known.at(clock.instant()));
  }

  /** All that is reserved is given back. */
  void close() {
    locked(
        () -> {
          if (!reserves.isEmpty() || !uncounted.isEmpty()) {
            change(this::released);
            reserves.clear();
          }
          return known;
        });
  }

  /** What may be taken, with what is reserved. */
  int available(Priority priority) {
    return locked(
        () -> {
          Reserve reserve = reserves.get(priority);
          return known.at(clock.instant()).available(priority)
              + (reserve == null ? 0 : reserve.requests());
        });
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
