package sh.cinch.statusworker.post;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
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
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.text.OneLine;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.outcome.Subject;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.DesiredStatus;

/** Settles an attempt: row, outcome and dead letter in one transaction. */
final class StatusSettlement {

  /** As long as the topic keeps the record, then a person decides. */
  private static final Duration GIVE_UP_AFTER = Duration.ofDays(14);

  private final Database database;
  private final CommitStatuses statuses;
  private final Outcomes outcomes;
  private final DeadLetters deadLetters;
  private final InstantSource clock;
  private final Counter deadLettered;

  StatusSettlement(
      Database database,
      CommitStatuses statuses,
      Outcomes outcomes,
      DeadLetters deadLetters,
      InstantSource clock,
      MeterRegistry metrics) {
    this.database = database;
    this.statuses = statuses;
    this.outcomes = outcomes;
    this.deadLetters = deadLetters;
    this.clock = clock;
    this.deadLettered = metrics.counter("cinch.status.dead.letters", "reason", "refused");
  }

  /**
   * @return whether a newer state waited for this attempt, and may be posted now
   */
  boolean settle(PostAttempt.Ended ended) {
    Instant answeredAt = clock.instant();
    return database.transaction(
        transaction ->
            switch (statuses.state(transaction, ended.claim(), ended.desired())) {
              case CURRENT -> {
                settle(transaction, ended, answeredAt);
                yield false;
              }
              case OVERTAKEN -> {
                Duration pause = pause(ended.result());
                statuses.release(transaction, ended.claim(), answeredAt.plus(pause));
                yield pause.isZero();
              }
              case LOST -> {
                if (ended.requests() > 0) {
                  statuses.wantAgain(transaction, ended.desired().status());
                }
                yield false;
              }
            });
  }

  private void settle(DSLContext transaction, PostAttempt.Ended ended, Instant answeredAt) {
    switch (ended.result()) {
      case Done<PostedStatus>(PostedStatus posted, OptionalInt httpStatus) ->
          posted(transaction, ended, posted, httpStatus.orElseThrow(), answeredAt);
      case Later<PostedStatus> later -> later(transaction, ended, later, answeredAt);
      case Unclear<PostedStatus> unclear ->
          later(transaction, ended, unclear.asLater(), answeredAt);
      case NotBegun<PostedStatus>() -> statuses.release(transaction, ended.claim(), answeredAt);
      case Refused<PostedStatus> refused -> gaveUp(transaction, ended, refused);
    }
  }

  private void posted(
      DSLContext transaction,
      PostAttempt.Ended ended,
      PostedStatus posted,
      int httpStatus,
      Instant answeredAt) {
    if (statuses.posted(transaction, ended.claim(), ended.desired(), ended.requests())) {
      Duration took = Duration.between(ended.desired().record().brokerTime(), answeredAt);
      outcomes.delivered(
          transaction,
          subject(ended),
          httpStatus,
          attempts(ended),
          took.isNegative() ? Duration.ZERO : took,
          posted.warnings());
    }
  }

  private void later(
      DSLContext transaction,
      PostAttempt.Ended ended,
      Later<PostedStatus> later,
      Instant answeredAt) {
    DesiredStatus desired = ended.desired();
    Instant next = answeredAt.plus(later.pause());
    if (later.unlessTooLate(desired.record().brokerTime(), next, GIVE_UP_AFTER)
        instanceof Refused<PostedStatus> refused) {
      gaveUp(transaction, ended, refused);
      return;
    }
    String cause = later.cause().name();
    String reason = OneLine.of(later.reason());
    statuses.later(transaction, ended.claim(), desired, ended.requests(), next, cause, reason);
    if (!desired.waitingFor().equals(Optional.of(cause))) {
      outcomes.waiting(transaction, subject(ended), later.httpStatus(), attempts(ended), reason);
    }
  }

  private void gaveUp(
      DSLContext transaction, PostAttempt.Ended ended, Refused<PostedStatus> refused) {
    String reason = OneLine.of(refused.reason());
    statuses.gaveUp(transaction, ended.claim(), ended.desired(), ended.requests(), reason);
    outcomes.failed(transaction, subject(ended), refused.httpStatus(), attempts(ended), reason);
    // To disconnect was somebody's wish: there is nothing to mend.
    if (refused.cause() != Cause.DISCONNECTED) {
      deadLetters.put(transaction, ended.desired().record(), reason);
      deadLettered.increment();
    }
  }

  /** How long a newer state must wait because of how the older one's attempt ended. */
  private static Duration pause(ForgeResult<PostedStatus> result) {
    return switch (result) {
      case Done<PostedStatus> done -> Duration.ZERO;
      case NotBegun<PostedStatus> notBegun -> Duration.ZERO;
      case Refused<PostedStatus> refused -> Duration.ZERO;
      case Later<PostedStatus> later -> later.pause();
      case Unclear<PostedStatus> unclear -> unclear.pause();
    };
  }

  private static int attempts(PostAttempt.Ended ended) {
    return ended.desired().attempts() + ended.requests();
  }

  private static Subject subject(PostAttempt.Ended ended) {
    DesiredStatus desired = ended.desired();
    return new Subject(
        ended.repository(),
        desired.status().commit(),
        desired.status().key(),
        desired.record().eventId(),
        desired.version(),
        desired.trace());
  }
}
