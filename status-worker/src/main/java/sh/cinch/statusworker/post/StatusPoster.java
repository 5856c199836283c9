package sh.cinch.statusworker.post;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Forges;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.due.Attempts;
import sh.cinch.service.due.Room;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.FirstTurns;
import sh.cinch.statusworker.statuses.StatusClaim;

/** Posts what is due: several statuses at once, each by one attempt at a time. */
public final class StatusPoster implements FirstTurns, Checked, AutoCloseable {

  private final ServiceContext context;
  private final CommitStatuses statuses;
  private final ConnectionDirectory connections;
  private final Forges forges;
  private final StatusSettlement settlement;
  private final Runnable settled;
  private final Attempts<Turn> attempts;

  /**
   * A status that was claimed.
   *
   * @param objection why it is not tried now
   */
  private record Turn(StatusClaim claim, Optional<Allowance.None> objection) {

    /** For the log. */
    @Override
    public String toString() {
      return claim.toString();
    }
  }

  /**
   * @param atOnce attempts under way together; one repository has half of them at most
   * @param settled told after each attempt: there may be outcomes to send
   */
  public StatusPoster(
      ServiceContext context,
      CommitStatuses statuses,
      ConnectionDirectory connections,
      Forges forges,
      DeadLetters deadLetters,
      int atOnce,
      Runnable settled) {
    this.context = context;
    this.statuses = statuses;
    this.connections = connections;
    this.forges = forges;
    this.settlement =
        new StatusSettlement(
            context.database(), statuses, deadLetters, context.clock(), context.metrics());
    this.settled = settled;
    this.attempts = Attempts.startLeavingSome("status-poster", atOnce, this::claim, this::post);
  }

  /** Something has become due. Never blocks. */
  public void wake() {
    attempts.wake();
  }

  /** What has no turn is looked for once it is recorded. */
  @Override
  public Turns keep(int due) {
    return new KeptTurns(attempts.keep(due), due, admission(attempts.underWay()));
  }

  /** Turns at once for some of what is recorded. */
  private final class KeptTurns implements Turns {

    private final Attempts<Turn>.Places places;
    private final int due;
    private final Admission admission;

    KeptTurns(Attempts<Turn>.Places places, int due, Admission admission) {
      this.places = places;
      this.due = due;
      this.admission = admission;
    }

    @Override
    public int count() {
      return places.count();
    }

    @Override
    public Duration hold() {
      return PostAttempt.CLAIM;
    }

    @Override
    public Optional<UUID> turn(StatusClaim status) {
      return writer(status).filter(credential -> admission.objection(status).isEmpty());
    }

    @Override
    public void over(List<StatusClaim> claimed) {
      places.begin(claimed.stream().map(claim -> new Turn(claim, Optional.empty())).toList());
      if (claimed.size() < due) {
        attempts.wake();
      }
    }
  }

  /** How many posts are under way. */
  public int underWay() {
    return attempts.count();
  }

  /** What must wait for its forge's limit is passed over, and says so. */
  private List<Turn> claim(int free, Collection<Turn> underWay) {
    Admission admission = admission(underWay);
    Room room =
        new Room(
            free,
            underWay.stream().map(turn -> turn.claim().status().repository()).toList(),
            connections::credential);
    return context.database().transaction(transaction -> claim(transaction, room, admission));
  }

  private Admission admission(Collection<Turn> underWay) {
    return new Admission(
        connections,
        forges,
        underWay.stream().filter(turn -> turn.objection().isEmpty()).map(Turn::claim).toList());
  }

  private List<Turn> claim(DSLContext transaction, Room room, Admission admission) {
    List<Turn> turns = new ArrayList<>();
    Map<StatusClaim, UUID> first = new LinkedHashMap<>();
    for (StatusClaim claim : statuses.claim(transaction, room, PostAttempt.CLAIM)) {
      Optional<Allowance.None> objection = admission.objection(claim);
      Optional<UUID> beginner = objection.isPresent() ? Optional.empty() : beginner(claim);
      beginner.ifPresentOrElse(
          credential -> first.put(claim, credential), () -> turns.add(new Turn(claim, objection)));
    }
    statuses
        .begin(transaction, first)
        .forEach(begun -> turns.add(new Turn(begun, Optional.empty())));
    return turns;
  }

  /** With which credential the first request for a status is to be made, where none was yet. */
  private Optional<UUID> beginner(StatusClaim claim) {
    return claim.postedBy().isPresent() ? Optional.empty() : present(claim);
  }

  private Optional<UUID> writer(StatusClaim claim) {
    return claim.postedBy().or(() -> present(claim));
  }

  private Optional<UUID> present(StatusClaim claim) {
    return connections.known(claim.status().repository()).map(ConnectionEvent::credentialId);
  }

  private void post(Turn turn) {
    PostAttempt attempt = attempt(turn.claim());
    settlement.settle(turn.objection().map(attempt::withheld).orElseGet(attempt::run));
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
