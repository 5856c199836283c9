package sh.cinch.statusworker.post;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Cause;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeResult.Done;
import sh.cinch.forge.ForgeResult.Later;
import sh.cinch.forge.ForgeResult.NotBegun;
import sh.cinch.forge.ForgeResult.Refused;
import sh.cinch.forge.ForgeResult.Unclear;
import sh.cinch.forge.ForgeSession;
import sh.cinch.forge.Forges;
import sh.cinch.forge.PostedStatus;
import sh.cinch.forge.Purpose;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.ForgeRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.BackOff;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.DesiredStatus;
import sh.cinch.statusworker.statuses.StatusAttempt;
import sh.cinch.statusworker.statuses.StatusClaim;

/**
 * One try to make the forge show what is wanted. The account that made a status may alone change
 * it, so one that another credential began is finished with that one.
 *
 * <pre>
 *   posted by another credential ── no ──────────────► by the present one
 *          │ yes                                        │        │ another account's
 *          ▼                                            │        ▼
 *   by that one ── refused or gone ──► by the present one   by it, under a key of its own
 * </pre>
 */
final class PostAttempt {

  /** So long a claim lasts; whoever takes it over must find no request of ours under way. */
  static final Duration CLAIM = Duration.ofSeconds(40);

  private static final int CONFLICT = 409;
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** An attempt that ended, and how. */
  record Ended(StatusAttempt attempt, ForgeResult<PostedStatus> result) {}

  private final Forges forges;
  private final Database database;
  private final CommitStatuses statuses;
  private final InstantSource clock;
  private final ConnectionEvent connection;
  private final List<ForgeRequest> requests = new ArrayList<>();
  private StatusClaim claim;
  private DesiredStatus desired;

  PostAttempt(
      Forges forges,
      Database database,
      CommitStatuses statuses,
      InstantSource clock,
      ConnectionEvent connection,
      StatusClaim claim) {
    this.forges = forges;
    this.database = database;
    this.statuses = statuses;
    this.clock = clock;
    this.connection = connection;
    this.claim = claim;
    this.desired = claim.desired();
  }

  Ended run() {
    return switch (Forges.credential(connection)) {
      case Done<UUID>(UUID present, OptionalInt none) -> by(present);
      case ForgeResult<UUID> disconnected -> ended(disconnected.notDone(), Optional.empty());
    };
  }

  /**
   * It is not begun: the forge would not be asked now. What waits goes on once there is room, so
   * that it need not look for itself, the less the longer it has waited.
   */
  Ended withheld(Allowance.None none) {
    Duration waited = Duration.between(desired.record().brokerTime(), clock.instant());
    Duration pause =
        Stream.of(none.pause(), waited.dividedBy(2), SHORTEST_WAIT)
            .max(Comparator.naturalOrder())
            .filter(longest -> longest.compareTo(LONGEST_WAIT) < 0)
            .orElse(LONGEST_WAIT);
    return ended(
        new Allowance.None(none.reason(), BackOff.spread(pause, pause.dividedBy(5))).later(),
        Optional.empty());
  }

  private Ended by(UUID present) {
    List<UUID> former = claim.writersOtherThan(present);
    return former.isEmpty()
        ? byItAlone(present)
        : by(former)
            .or(() -> byWrittenDown(present))
            // The outage in which the former were refused may have ended meanwhile.
            .or(() -> by(former))
            // Or it has begun again: then nobody is told that it is another account's.
            .or(() -> unlessAnothers(present, post(present)))
            .orElseGet(() -> underAnotherKey(present));
  }

  private Ended byItAlone(UUID present) {
    if (claim.postedBy().isEmpty() && !begun(present)) {
      return ended(new NotBegun<>(), Optional.empty());
    }
    ForgeResult<PostedStatus> result = post(present);
    return isAnothers(result, false)
        ? underAnotherKey(present)
        : ended(result, Optional.of(present));
  }

  /** Empty where all of them are of no use. */
  private Optional<Ended> by(List<UUID> former) {
    for (UUID one : former) {
      ForgeResult<PostedStatus> result =
          post(one, forges.readyWithFormer(repository(), one), false);
      if (!isOfNoUse(result)) {
        return Optional.of(ended(result, Optional.of(one)));
      }
    }
    return Optional.empty();
  }

  /** Should its end never be known, it is one of those that may alone change the status. */
  private Optional<Ended> byWrittenDown(UUID present) {
    if (!statuses.perhapsBy(database.sql(), claim, present)) {
      return Optional.of(ended(new NotBegun<>(), Optional.empty()));
    }
    ForgeResult<PostedStatus> result = post(present);
    // In an outage anything is answered, and a key is left for good: it must say so twice.
    return unlessAnothers(present, isInvalid(result) ? post(present) : result);
  }

  /** Empty where the status is another account's. */
  private Optional<Ended> unlessAnothers(UUID present, ForgeResult<PostedStatus> result) {
    return isAnothers(result, true)
        ? Optional.empty()
        : Optional.of(ended(result, Optional.of(present)));
  }

  /** Written down before, unless the connection has got another credential meanwhile. */
  private boolean begun(UUID credential) {
    return claim.begunWith().equals(Optional.of(credential))
        || !statuses.begin(database.sql(), Map.of(claim, credential)).isEmpty();
  }

  /** Taken in a transaction of its own: whatever becomes of the request, it was made under it. */
  private Ended underAnotherKey(UUID present) {
    StatusClaim left = claim;
    Optional<StatusClaim> taken =
        database.transaction(transaction -> statuses.leaveKey(transaction, left, present));
    if (taken.isEmpty()) {
      return ended(new NotBegun<>(), Optional.empty());
    }
    claim = taken.get();
    ForgeResult<PostedStatus> result = post(present);
    if (result instanceof Refused<PostedStatus>) {
      claim =
          database.transaction(transaction -> statuses.goBackToKey(transaction, left, taken.get()));
    }
    return ended(result, Optional.of(present));
  }

  private ForgeResult<PostedStatus> post(UUID credential) {
    boolean isFresh = requests.isEmpty() && forges.isReady(repository(), credential);
    return post(credential, forges.ready(repository(), credential), isFresh);
  }

  /**
   * @param isFresh whether what was wanted is read just now: a lease may take a while, and so does
   *     a request
   */
  private ForgeResult<PostedStatus> post(
      UUID credential, ForgeResult<Forge> ready, boolean isFresh) {
    DesiredStatus now = isFresh ? desired : statuses.desired(database.sql(), claim.status());
    desired = now;
    return ready.then(forge -> post(session(credential, now), now));
  }

  private ForgeSession session(UUID credential, DesiredStatus now) {
    return forges.open(
        repository(),
        new ForgeCaller(
            credential, purpose(now), now.trace(), now.attempts() + requests.size() + 1),
        this::isTimeForARequest);
  }

  private static Purpose purpose(DesiredStatus now) {
    return now.build().state().isFinal() ? Purpose.FINAL_STATUS : Purpose.START_STATUS;
  }

  private ForgeResult<PostedStatus> post(ForgeSession session, DesiredStatus now) {
    ForgeResult<PostedStatus> result =
        session
            .statuses()
            .post(
                ForgeRepository.of(connection),
                StatusText.of(now.build(), now.status().shownKey(), now.shownRef(), now.orphan()));
    requests.addAll(session.requests());
    return result;
  }

  /** A credential that was replaced and cannot post this: it is refused, or gone. */
  private static boolean isOfNoUse(ForgeResult<?> result) {
    return switch (result) {
      case Done<?> done -> false;
      case NotBegun<?> notBegun -> false;
      case Unclear<?> unclear -> false;
      case Refused<?> refused -> true;
      case Later<?> later ->
          later.cause() == Cause.AUTHORIZATION
              || (later.cause() != Cause.RATE_LIMIT && isRefusal(later.httpStatus()));
    };
  }

  private static boolean isRefusal(OptionalInt httpStatus) {
    return httpStatus.isPresent() && httpStatus.getAsInt() / 100 == 4;
  }

  /**
   * Whether another account may alone change what is there. With which status Bitbucket says so is
   * not documented: where another credential wrote last, whatever is not about the commit or the
   * repository may mean it.
   */
  private static boolean isAnothers(ForgeResult<?> result, boolean anotherWroteLast) {
    return switch (result) {
      case Refused<?> refused ->
          refused.cause() == Cause.OWNERSHIP || (anotherWroteLast && isInvalid(refused));
      case Later<?> later ->
          anotherWroteLast && later.httpStatus().equals(OptionalInt.of(CONFLICT));
      case Done<?> done -> false;
      case Unclear<?> unclear -> false;
      case NotBegun<?> notBegun -> false;
    };
  }

  private static boolean isInvalid(ForgeResult<?> result) {
    return result instanceof Refused<?> refused && refused.cause() == Cause.INVALID;
  }

  /**
   * @param writer whose request was the last
   */
  private Ended ended(ForgeResult<PostedStatus> result, Optional<UUID> writer) {
    DesiredStatus now = desired.at(claim.status());
    return new Ended(
        new StatusAttempt(
            claim,
            now,
            repository(),
            requests,
            writer.filter(credential -> mayHaveWritten(result)),
            result instanceof Done),
        result instanceof NotBegun<PostedStatus> && !requests.isEmpty() ? outOfTime(now) : result);
  }

  /** What was asked took the claim's time, and would take the next one's as well. */
  private ForgeResult<PostedStatus> outOfTime(DesiredStatus now) {
    return new Later<>(
        Cause.FORGE,
        OptionalInt.empty(),
        "Bitbucket took too long to answer",
        BackOff.after(now.attempts() + requests.size()));
  }

  private static boolean mayHaveWritten(ForgeResult<?> result) {
    return switch (result) {
      case Done<?> done -> true;
      case Unclear<?> unclear -> true;
      case Later<?> later -> false;
      case Refused<?> refused -> false;
      case NotBegun<?> notBegun -> false;
    };
  }

  private Repository repository() {
    return connection.repository();
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
