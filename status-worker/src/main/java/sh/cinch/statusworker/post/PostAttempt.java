package sh.cinch.statusworker.post;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeSession;
import sh.cinch.forge.Forges;
import sh.cinch.forge.PostedStatus;
import sh.cinch.forge.Purpose;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.ForgeRequest;
import sh.cinch.service.due.BackOff;
import sh.cinch.statusworker.statuses.DesiredStatus;
import sh.cinch.statusworker.statuses.StatusAttempt;
import sh.cinch.statusworker.statuses.StatusClaim;

/** One try to make the forge show what is wanted. */
final class PostAttempt {

  /** So long a claim lasts; whoever takes it over must find no request of ours under way. */
  static final Duration CLAIM = Duration.ofSeconds(40);

  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** An attempt that ended, and how. */
  record Ended(StatusAttempt attempt, ForgeResult<PostedStatus> result) {}

  private final Forges forges;
  private final Function<StatusClaim, DesiredStatus> desiredNow;
  private final InstantSource clock;
  private final ConnectionEvent connection;
  private final StatusClaim claim;
  private List<ForgeRequest> requests = List.of();

  /**
   * @param desiredNow reads what a claimed status should show by now
   */
  PostAttempt(
      Forges forges,
      Function<StatusClaim, DesiredStatus> desiredNow,
      InstantSource clock,
      ConnectionEvent connection,
      StatusClaim claim) {
    this.forges = forges;
    this.desiredNow = desiredNow;
    this.clock = clock;
    this.connection = connection;
    this.claim = claim;
  }

  Ended run() {
    // A lease may take a while: what is wanted is read after it.
    ForgeResult<Forge> ready = forges.ready(connection);
    DesiredStatus desired = desiredNow.apply(claim);
    ForgeResult<PostedStatus> result = ready.then(forge -> post(desired));
    return new Ended(new StatusAttempt(claim, desired, connection.repository(), requests), result);
  }

  /**
   * It is not begun: the forge would not be asked now. What waits goes on once there is room, so
   * that it need not look for itself, the less the longer it has waited.
   */
  Ended withheld(Allowance.None none) {
    DesiredStatus desired = desiredNow.apply(claim);
    Duration waited = Duration.between(desired.record().brokerTime(), clock.instant());
    Duration pause =
        Stream.of(none.pause(), waited.dividedBy(2), SHORTEST_WAIT)
            .max(Comparator.naturalOrder())
            .filter(longest -> longest.compareTo(LONGEST_WAIT) < 0)
            .orElse(LONGEST_WAIT);
    return new Ended(
        new StatusAttempt(claim, desired, connection.repository(), List.of()),
        new Allowance.None(none.reason(), BackOff.spread(pause, pause.dividedBy(5))).later());
  }

  private ForgeResult<PostedStatus> post(DesiredStatus desired) {
    return forges
        .open(
            connection,
            purpose(desired.build().state()),
            desired.trace(),
            desired.attempts() + 1,
            this::isTimeForARequest)
        .then(session -> post(session, desired));
  }

  static Purpose purpose(BuildState.State state) {
    return state.isFinal() ? Purpose.FINAL_STATUS : Purpose.START_STATUS;
  }

  private ForgeResult<PostedStatus> post(ForgeSession session, DesiredStatus desired) {
    ForgeResult<PostedStatus> result =
        session
            .statuses()
            .post(
                ForgeRepository.of(connection),
                StatusText.of(
                    desired.build(),
                    desired.status().shownKey(),
                    desired.shownRef(),
                    desired.orphan()));
    requests = session.requests();
    return result;
  }

  /** Its time limit and what may come after that must pass before the claim does. */
  private boolean isTimeForARequest() {
    return clock
        .instant()
        .plus(Forge.TIME_LIMIT)
        .plus(ForgeResult.MAY_STILL_LAND)
        .isBefore(claim.until());
  }
}
