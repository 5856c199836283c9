package sh.cinch.statusworker.post;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Forges;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.due.Attempts;
import sh.cinch.service.due.Room;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.StatusClaim;

/** Posts what is due: several statuses at once, each by one attempt at a time. */
public final class StatusPoster implements Checked, AutoCloseable {

  /** Attempts under way together; one repository has half of them at most. */
  public static final int AT_ONCE = 32;

  private final ServiceContext context;
  private final CommitStatuses statuses;
  private final ConnectionDirectory connections;
  private final Forges forges;
  private final StatusSettlement settlement;
  private final Runnable settled;

  /** Those of the claims that are not tried now. */
  private final Map<StatusClaim, Allowance.None> withheld = new ConcurrentHashMap<>();

  private final Attempts<StatusClaim> attempts;

  /**
   * @param settled told after each attempt: there may be outcomes to send
   */
  public StatusPoster(
      ServiceContext context,
      CommitStatuses statuses,
      ConnectionDirectory connections,
      Forges forges,
      DeadLetters deadLetters,
      Runnable settled) {
    this.context = context;
    this.statuses = statuses;
    this.connections = connections;
    this.forges = forges;
    this.settlement =
        new StatusSettlement(
            context.database(), statuses, deadLetters, context.clock(), context.metrics());
    this.settled = settled;
    this.attempts = Attempts.start("status-poster", AT_ONCE, this::claim, this::post);
  }

  /** Something has become due. Never blocks. */
  public void wake() {
    attempts.wake();
  }

  /** How many posts are under way. */
  public int underWay() {
    return attempts.count();
  }

  /** What must wait for its forge's limit is passed over, and says so. */
  private List<StatusClaim> claim(int free, Collection<StatusClaim> underWay) {
    List<StatusClaim> tried =
        underWay.stream().filter(claim -> !withheld.containsKey(claim)).toList();
    Admission admission = new Admission(connections, forges, tried);
    List<StatusClaim> claimed = claimed(free, underWay);
    claimed.forEach(
        claim -> admission.objection(claim).ifPresent(none -> withheld.put(claim, none)));
    return claimed;
  }

  private List<StatusClaim> claimed(int free, Collection<StatusClaim> underWay) {
    return statuses.claim(
        context.database().sql(),
        new Room(
            free,
            underWay.stream().map(claim -> claim.status().repository()).toList(),
            connections::credential),
        PostAttempt.CLAIM);
  }

  private void post(StatusClaim claim) {
    Allowance.None none = withheld.get(claim);
    try {
      PostAttempt attempt = attempt(claim);
      settlement.settle(none == null ? attempt.run() : attempt.withheld(none));
    } finally {
      withheld.remove(claim);
    }
    settled.run();
  }

  /**
   * @throws IllegalStateException where the repository's connection cannot be known now
   */
  private PostAttempt attempt(StatusClaim claim) {
    return new PostAttempt(
        forges,
        context.database(),
        statuses,
        context.clock(),
        connections.connection(claim.status().repository()),
        claim);
  }

  @Override
  public Check check() {
    return attempts.check();
  }

  @Override
  public void close() {
    attempts.close();
  }
}
