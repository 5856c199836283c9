package sh.cinch.statusworker.post;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Forges;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.StatusClaim;

/** Posts what is due: several statuses at once, each by one attempt at a time. */
public final class StatusPoster implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StatusPoster.class);

  /** Attempts under way together. */
  public static final int AT_ONCE = 16;

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(15);

  private final ServiceContext context;
  private final CommitStatuses statuses;
  private final ConnectionDirectory connections;
  private final Forges forges;
  private final StatusSettlement settlement;
  private final Runnable settled;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final Loop loop;
  private volatile boolean open = true;

  /**
   * @param settled told after each attempt: there may be outcomes to send
   */
  public StatusPoster(
      ServiceContext context,
      CommitStatuses statuses,
      ConnectionDirectory connections,
      Forges forges,
      Outcomes outcomes,
      DeadLetters deadLetters,
      Runnable settled) {
    this.context = context;
    this.statuses = statuses;
    this.connections = connections;
    this.forges = forges;
    this.settlement =
        new StatusSettlement(
            context.database(),
            statuses,
            outcomes,
            deadLetters,
            context.clock(),
            context.metrics());
    this.settled = settled;
    this.loop = Loop.start("status-poster", this::postWhatIsDue, PAUSE);
  }

  /** Something has become due. Never blocks. */
  public void wake() {
    loop.wake();
  }

  /**
   * @return whether more may be due than could be begun
   */
  private boolean postWhatIsDue() {
    int places = takePlaces();
    int begun = 0;
    try {
      List<StatusClaim> claims =
          places == 0
              ? List.of()
              : statuses.claim(context.database().sql(), places, PostAttempt.CLAIM);
      for (StatusClaim claim : claims) {
        Thread.ofVirtual().name("post").start(() -> post(claim));
        begun++;
      }
    } finally {
      free.release(places - begun);
    }
    return open && begun == places;
  }

  /** As many as are free, one at least unless none becomes free in time. */
  private int takePlaces() {
    try {
      return open && free.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
          ? 1 + free.drainPermits()
          : 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private void post(StatusClaim claim) {
    boolean newerWaits = false;
    try {
      newerWaits = settlement.settle(attempt(claim).run());
      settled.run();
    } catch (RuntimeException e) {
      // Nothing was written: once the claim has run out the row is due again.
      if (!Database.isAway(e)) {
        log.warn(
            "attempt failed repository={} commit={}",
            claim.status().repository(),
            claim.status().commit(),
            e);
      }
    } finally {
      free.release();
    }
    if (newerWaits) {
      postWhatIsDue();
    }
  }

  /**
   * @throws IllegalStateException where the repository's connection cannot be known now
   */
  private PostAttempt attempt(StatusClaim claim) {
    return new PostAttempt(
        forges,
        claimed -> statuses.desired(context.database().sql(), claimed),
        context.clock(),
        connections
            .find(RepositoryRef.byId(claim.status().repository()))
            .orElseThrow(() -> new IllegalStateException("no connection of " + claim.status())),
        claim);
  }

  @Override
  public Check check() {
    return loop.check();
  }

  /** Begins nothing more, and lets what is under way end, within a bound. */
  @Override
  public void close() {
    open = false;
    loop.close();
    try {
      if (!free.tryAcquire(AT_ONCE, TIME_TO_FINISH.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn(
            "attempts did not end in {} s; others will repeat them", TIME_TO_FINISH.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
