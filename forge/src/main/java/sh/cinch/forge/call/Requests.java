package sh.cinch.forge.call;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Supplier;
import sh.cinch.bitbucket.http.Exchange;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Priority;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.call.LocalBudget.Taking;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.lease.Lease;

/**
 * Every request to a forge passes here: within its caller's share, taken out of the budget of whom
 * it is charged to, and counted.
 */
public final class Requests implements Supplier<JsonObject>, AutoCloseable {

  private static final Duration TENDING = Duration.ofSeconds(1);
  private static final int TOO_MANY = 429;

  private final RequestCounts counts;
  private final RequestShares shares;
  private final Budgets budgets;

  /** What came of asking for a request. */
  public sealed interface Passage {

    /** It may be made. */
    record Open(Ticket ticket) implements Passage {}

    /** It must not be made. */
    record Shut(Allowance.None why) implements Passage {}
  }

  public Requests(
      Database database, InstantSource clock, MeterRegistry metrics, HourlyLimit limit) {
    this.counts = new RequestCounts(clock, metrics);
    this.shares = RequestShares.of(database, clock, limit.requests());
    this.budgets = new Budgets(database, clock, metrics, limit);
  }

  /** Of a service, which answers them at {@code /requests} on its management port. */
  public static Requests of(RunningService service, ServiceContext context, HourlyLimit limit) {
    Requests requests =
        service.with(new Requests(context.database(), context.clock(), context.metrics(), limit));
    service.loop("budgets", requests.budgets::tend, TENDING);
    service.report("/requests", requests);
    return requests;
  }

  /** How many were made. */
  public RequestCounts counts() {
    return counts;
  }

  /**
   * Takes one request; blocks for a moment where it must.
   *
   * @param caller that the lease is of
   */
  public Passage take(Lease lease, ForgeCaller caller, Pool pool) {
    LocalBudget budget = budgets.of(lease.identity(), pool);
    Purpose purpose = caller.purpose();
    return switch (budget.take(purpose.priority())) {
      case Taking.Withheld withheld ->
          new Passage.Shut(
              budgets.none(withheld, purpose, isShared(lease.identity(), caller.credential())));
      case Taking.Taken taken -> passage(lease, caller, pool, budget, taken);
    };
  }

  /** The share comes last, since none is given back of that. */
  private Passage passage(
      Lease lease, ForgeCaller caller, Pool pool, LocalBudget budget, Taking.Taken taken) {
    Purpose purpose = caller.purpose();
    Optional<RequestShares.Spent> spent;
    boolean isDecided = false;
    try {
      spent = shares.take(lease, caller, pool);
      isDecided = spent.isEmpty();
    } finally {
      if (!isDecided) {
        budget.notMade(purpose.priority(), taken);
      }
    }
    if (spent.isPresent()) {
      return new Passage.Shut(new Allowance.None(spent.get().reason(), spent.get().pause()));
    }
    counts.made(lease.identity(), pool, purpose);
    return new Passage.Open(new Ticket(budget, purpose.priority(), taken));
  }

  /** Whether a request would be made now, as far as that is known here. */
  public Allowance allowance(String identity, UUID credential, Pool pool, Purpose purpose) {
    return budgets.allowance(identity, pool, purpose, isShared(identity, credential));
  }

  /** A request that is made for somebody who cannot wait, whatever is left. */
  public void made(String identity, Pool pool, Purpose purpose) {
    counts.made(identity, pool, purpose);
    budgets.of(identity, pool).made(purpose.priority());
  }

  private static boolean isShared(String identity, UUID credential) {
    return !identity.contains(credential.toString());
  }

  @Override
  public JsonObject get() {
    return counts.get().put("budgets", budgets.report());
  }

  /** What is reserved here is anybody's. */
  @Override
  public void close() {
    budgets.close();
  }

  /** A request that may be made, once. */
  public static final class Ticket {

    private final LocalBudget budget;
    private final Priority priority;
    private final Taking.Taken taken;
    private boolean isPaced = true;

    private Ticket(LocalBudget budget, Priority priority, Taking.Taken taken) {
      this.budget = budget;
      this.priority = priority;
      this.taken = taken;
    }

    /** Its answer comes late, and others need not wait for that. */
    public void takesLong() {
      isPaced = false;
      budget.takesLong();
    }

    /**
     * The request has been answered, whatever else is to come.
     *
     * @param status empty where no answer came
     * @param retryAfter where the answer asks to wait
     */
    public void ended(OptionalInt status, Optional<Duration> retryAfter) {
      if (status.orElse(0) == TOO_MANY) {
        budget.refused(priority, taken, isPaced, retryAfter);
      } else {
        budget.ended(taken, isPaced, status.isPresent());
      }
    }

    /** The request has ended. */
    public void ended(Exchange exchange) {
      ended(exchange.status(), exchange.retryAfter());
      exchange.limit().ifPresent(limit -> budget.told(limit.requests(), limit.isNear()));
    }
  }
}
