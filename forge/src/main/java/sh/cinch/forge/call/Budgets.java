package sh.cinch.forge.call;

import static sh.cinch.forge.call.RequestCounts.word;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Priority;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.call.LocalBudget.Taking;
import sh.cinch.service.database.Database;

/** What each identity may still ask for, shared by the instances of all services. */
final class Budgets implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Budgets.class);

  private final BudgetLedger ledger;
  private final Map<BudgetKey, LocalBudget> local = new ConcurrentHashMap<>();

  Budgets(Database database, InstantSource clock, MeterRegistry metrics, HourlyLimit limit) {
    this.ledger = new BudgetLedger(database, clock, new Window(limit.window()), limit.requests());
    for (Pool pool : Pool.values()) {
      Gauge.builder("cinch.forge.budget.left", this, budgets -> budgets.left(pool))
          .description("Requests left to whoever has fewest left, of those asked for from here")
          .tag("pool", word(pool))
          .register(metrics);
      Gauge.builder("cinch.forge.budget.resting", this, budgets -> budgets.resting(pool))
          .description("Accounts that are not asked for now, after a refusal")
          .tag("pool", word(pool))
          .register(metrics);
    }
  }

  LocalBudget of(String identity, Pool pool) {
    return local.computeIfAbsent(
        new BudgetKey(identity, pool), key -> new LocalBudget(key, ledger));
  }

  /**
   * @param isShared whether several credentials have this identity
   */
  Allowance allowance(String identity, Pool pool, Purpose purpose, boolean isShared) {
    LocalBudget here = local.get(new BudgetKey(identity, pool));
    if (here == null) {
      return Allowance.any(identity);
    }
    Instant now = ledger.clock().instant();
    Budget known = here.known();
    Optional<Rest> rest = known.rest();
    if (rest.isPresent()) {
      Instant end = rest.get().end();
      Allowance.None none =
          none(
              new Taking.Withheld(true, now.isBefore(end) ? rest.get().again(now) : now),
              purpose,
              isShared);
      return now.isBefore(end) ? none : new Allowance.Some(identity, 1, none);
    }
    if (!known.isLimited()) {
      return Allowance.any(identity);
    }
    int available = here.available(purpose.priority());
    Allowance.None none =
        none(
            new Taking.Withheld(false, known.availableAgain(purpose.priority())),
            purpose,
            isShared);
    return available > 0 ? new Allowance.Some(identity, available, none) : none;
  }

  /** Says why a request is not made. */
  Allowance.None none(Taking.Withheld withheld, Purpose purpose, boolean isShared) {
    Duration pause = Duration.between(ledger.clock().instant(), withheld.until());
    Duration some = pause.isNegative() ? Duration.ZERO : pause;
    String when = inWords(some);
    String what =
        withheld.isResting()
            ? "waits for Bitbucket's hourly limit, asks again in " + when
            : "waits for Bitbucket's hourly limit, " + when;
    String advice = isShared ? "; a repository access token has a limit of its own" : "";
    String reason =
        purpose.isOnDemand()
            ? "Bitbucket's hourly limit leaves no room for this now. Try again in %s"
                .formatted(when)
            : what + advice;
    return new Allowance.None(reason, some.plusMillis(1));
  }

  private static String inWords(Duration pause) {
    long seconds = Math.max(1, pause.plusMillis(999).toSeconds());
    if (seconds < 90) {
      return "about %d %s".formatted(seconds, seconds == 1 ? "second" : "seconds");
    }
    return "about %d minutes".formatted(pause.plusSeconds(59).toMinutes());
  }

  /** What others have learnt is known here, and what is not needed here is theirs. */
  boolean tend() {
    try {
      Map<BudgetKey, Budget> resting = ledger.resting();
      resting.forEach((key, budget) -> of(key.identity(), key.pool()).learn(Optional.of(budget)));
      local.forEach(
          (key, here) -> {
            if (!resting.containsKey(key) && here.isDoubtful()) {
              here.learn(ledger.read(key));
            }
          });
      local.values().forEach(LocalBudget::tend);
    } catch (DataAccessException e) {
      if (!BudgetLedger.isUnknowable(e)) {
        throw e;
      }
    }
    local.values().removeIf(LocalBudget::isIdle);
    return false;
  }

  private double left(Pool pool) {
    OptionalInt least =
        local.entrySet().stream()
            .filter(each -> each.getKey().pool() == pool)
            .map(each -> each.getValue().known())
            .filter(Budget::isLimited)
            .mapToInt(Budget::left)
            .min();
    return least.isPresent() ? Math.max(0, least.getAsInt()) : Double.NaN;
  }

  private double resting(Pool pool) {
    return local.entrySet().stream()
        .filter(each -> each.getKey().pool() == pool)
        .filter(each -> each.getValue().known().rest().isPresent())
        .count();
  }

  /** For operators: the least left first. */
  JsonArray report() {
    JsonArray items = new JsonArray();
    local.entrySet().stream()
        .map(each -> Map.entry(each.getKey(), each.getValue().known()))
        .sorted(Comparator.comparing(each -> each.getValue().left()))
        .forEach(each -> items.add(report(each.getKey(), each.getValue())));
    return items;
  }

  private static JsonObject report(BudgetKey key, Budget budget) {
    JsonObject item =
        new JsonObject().put("identity", key.identity()).put("pool", word(key.pool()));
    if (budget.isLimited()) {
      JsonObject available = new JsonObject();
      for (Priority each : Priority.values()) {
        available.put(word(each), Math.max(0, budget.available(each)));
      }
      item.put("limit", budget.limit())
          .put("left", Math.max(0, budget.left()))
          .put("available", available);
    }
    budget
        .rest()
        .ifPresent(
            rest ->
                item.put("restingSince", rest.since().toString())
                    .put("asksAgainAt", rest.end().toString()));
    return item;
  }

  @Override
  public void close() {
    try {
      // Else each would wait for the rows by itself.
      ledger.resting();
      local.values().forEach(LocalBudget::close);
    } catch (DataAccessException e) {
      log.debug("what is reserved here is lost for an hour", e);
    }
  }
}
