package sh.cinch.statusworker.post;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import org.jooq.DSLContext;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeResult.Done;
import sh.cinch.forge.ForgeResult.Later;
import sh.cinch.forge.ForgeResult.NotBegun;
import sh.cinch.forge.ForgeResult.Refused;
import sh.cinch.forge.ForgeResult.Unclear;
import sh.cinch.forge.PostedStatus;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Together;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.text.OneLine;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.EndedAttempts;
import sh.cinch.statusworker.statuses.Orphan;
import sh.cinch.statusworker.statuses.StatusAttempt;

/** Settles attempts: rows, states, outcomes and dead letters in one transaction. */
final class StatusSettlement {

  /** As long as the topic keeps the record, then a person decides. */
  private static final Duration GIVE_UP_AFTER = Duration.ofDays(14);

  /** So many that none waits for long, and each costs little. */
  private static final int TOGETHER = 64;

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  private final CommitStatuses statuses;
  private final DeadLetters deadLetters;
  private final InstantSource clock;
  private final Counter deadLettered;
  private final Together<Answered> together;

  /** An attempt, and when it ended. */
  private record Answered(PostAttempt.Ended ended, Instant at) {

    StatusAttempt attempt() {
      return ended.attempt();
    }
  }

  StatusSettlement(
      Database database,
      CommitStatuses statuses,
      DeadLetters deadLetters,
      InstantSource clock,
      MeterRegistry metrics) {
    this.statuses = statuses;
    this.deadLetters = deadLetters;
    this.clock = clock;
    this.deadLettered = metrics.counter("cinch.status.dead.letters", "reason", "refused");
    this.together =
        new Together<>(TOGETHER, some -> database.write(transaction -> settle(transaction, some)));
  }

  /**
   * Blocks until it is, also while PostgreSQL is away: only who has made a request that others
   * could not wait for knows that something older may be shown than they have posted.
   */
  void settle(PostAttempt.Ended ended) {
    Answered answered = new Answered(ended, clock.instant());
    while (!isSettled(answered)) {
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
  }

  private boolean isSettled(Answered answered) {
    try {
      together.write(answered);
      return true;
    } catch (RuntimeException e) {
      if (Database.isAway(e)) {
        return false;
      }
      throw e;
    }
  }

  private void settle(DSLContext transaction, List<Answered> some) {
    statuses.settle(
        transaction,
        some.stream().map(Answered::attempt).toList(),
        rows -> some.forEach(one -> settle(transaction, rows, one)));
  }

  private void settle(DSLContext transaction, EndedAttempts rows, Answered answered) {
    StatusAttempt attempt = answered.attempt();
    ForgeResult<PostedStatus> result = answered.ended().result();
    switch (rows.state(attempt)) {
      case CURRENT -> settle(transaction, rows, attempt, result, answered.at());
      case OVERTAKEN -> rows.release(attempt, answered.at().plus(pause(result)));
      case LOST -> {
        if (!attempt.made().isEmpty()) {
          rows.wantAgain(attempt.desired().status(), answered.at().plus(mayLandFor(result)));
        }
      }
    }
  }

  private void settle(
      DSLContext transaction,
      EndedAttempts rows,
      StatusAttempt attempt,
      ForgeResult<PostedStatus> result,
      Instant answeredAt) {
    switch (result) {
      case Done<PostedStatus>(PostedStatus posted, OptionalInt httpStatus) -> {
        Duration took = Duration.between(record(attempt).brokerTime(), answeredAt);
        rows.posted(
            attempt, posted, httpStatus.orElseThrow(), took.isNegative() ? Duration.ZERO : took);
      }
      case Later<PostedStatus> later -> later(transaction, rows, attempt, later, answeredAt);
      case Unclear<PostedStatus> unclear ->
          later(transaction, rows, attempt, unclear.asLater(), answeredAt);
      case NotBegun<PostedStatus>() -> rows.release(attempt, answeredAt);
      case Refused<PostedStatus> refused -> gaveUp(transaction, rows, attempt, refused);
    }
  }

  private void later(
      DSLContext transaction,
      EndedAttempts rows,
      StatusAttempt attempt,
      Later<PostedStatus> later,
      Instant answeredAt) {
    Instant next = answeredAt.plus(later.pause());
    Instant since =
        attempt.desired().orphan().map(Orphan::foundAt).orElse(record(attempt).brokerTime());
    if (later.unlessTooLate(since, next, GIVE_UP_AFTER) instanceof Refused<PostedStatus> refused) {
      gaveUp(transaction, rows, attempt, refused);
      return;
    }
    rows.later(
        attempt, later.cause().waitingFor(), later.httpStatus(), OneLine.of(later.reason()), next);
  }

  private void gaveUp(
      DSLContext transaction,
      EndedAttempts rows,
      StatusAttempt attempt,
      Refused<PostedStatus> refused) {
    String reason = OneLine.of(refused.reason());
    rows.gaveUp(attempt, refused.httpStatus(), reason);
    // To disconnect was somebody's wish, and nobody reported an orphan: there is nothing to mend.
    if (refused.cause() != Cause.DISCONNECTED && attempt.desired().orphan().isEmpty()) {
      deadLetters.put(transaction, record(attempt), reason);
      deadLettered.increment();
    }
  }

  private static Incoming record(StatusAttempt attempt) {
    return attempt.desired().record();
  }

  /** How long a newer state must wait because of how the older one's attempt ended. */
  private static Duration pause(ForgeResult<PostedStatus> result) {
    return switch (result) {
      case Done<PostedStatus> done -> Duration.ZERO;
      case NotBegun<PostedStatus> notBegun -> Duration.ZERO;
      case Refused<PostedStatus> refused -> Duration.ZERO;
      // There may be room for the newer one, which is looked at before it is tried.
      case Later<PostedStatus> later ->
          later.cause() == Cause.RATE_LIMIT ? Duration.ZERO : later.pause();
      case Unclear<PostedStatus> unclear -> unclear.pause();
    };
  }

  /** For how long an older state may yet take the place of what others have posted since. */
  private static Duration mayLandFor(ForgeResult<PostedStatus> result) {
    return result instanceof Unclear<PostedStatus> unclear ? unclear.pause() : Duration.ZERO;
  }
}
