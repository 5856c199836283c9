package sh.cinch.statusworker.post;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.text.OneLine;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.Orphan;
import sh.cinch.statusworker.statuses.StatusAttempt;

/** Settles an attempt: row, state, outcome and dead letter in one transaction. */
final class StatusSettlement {

  /** As long as the topic keeps the record, then a person decides. */
  private static final Duration GIVE_UP_AFTER = Duration.ofDays(14);

  private final Database database;
  private final CommitStatuses statuses;
  private final DeadLetters deadLetters;
  private final InstantSource clock;
  private final Counter deadLettered;

  StatusSettlement(
      Database database,
      CommitStatuses statuses,
      DeadLetters deadLetters,
      InstantSource clock,
      MeterRegistry metrics) {
    this.database = database;
    this.statuses = statuses;
    this.deadLetters = deadLetters;
    this.clock = clock;
    this.deadLettered = metrics.counter("cinch.status.dead.letters", "reason", "refused");
  }

  void settle(PostAttempt.Ended ended) {
    Instant answeredAt = clock.instant();
    database.write(transaction -> settle(transaction, ended, answeredAt));
  }

  private void settle(DSLContext transaction, PostAttempt.Ended ended, Instant answeredAt) {
    StatusAttempt attempt = ended.attempt();
    switch (statuses.state(transaction, attempt.claim(), attempt.desired())) {
      case CURRENT -> settle(transaction, attempt, ended.result(), answeredAt);
      case OVERTAKEN ->
          statuses.release(transaction, attempt, answeredAt.plus(pause(ended.result())));
      case LOST -> {
        if (!attempt.made().isEmpty()) {
          statuses.wantAgain(
              transaction, attempt.desired().status(), answeredAt.plus(mayLandFor(ended.result())));
        }
      }
    }
  }

  private void settle(
      DSLContext transaction,
      StatusAttempt attempt,
      ForgeResult<PostedStatus> result,
      Instant answeredAt) {
    switch (result) {
      case Done<PostedStatus>(PostedStatus posted, OptionalInt httpStatus) -> {
        Duration took = Duration.between(record(attempt).brokerTime(), answeredAt);
        statuses.posted(
            transaction,
            attempt,
            posted,
            httpStatus.orElseThrow(),
            took.isNegative() ? Duration.ZERO : took);
      }
      case Later<PostedStatus> later -> later(transaction, attempt, later, answeredAt);
      case Unclear<PostedStatus> unclear ->
          later(transaction, attempt, unclear.asLater(), answeredAt);
      case NotBegun<PostedStatus>() -> statuses.release(transaction, attempt, answeredAt);
      case Refused<PostedStatus> refused -> gaveUp(transaction, attempt, refused);
    }
  }

  private void later(
      DSLContext transaction,
      StatusAttempt attempt,
      Later<PostedStatus> later,
      Instant answeredAt) {
    Instant next = answeredAt.plus(later.pause());
    Instant since =
        attempt.desired().orphan().map(Orphan::foundAt).orElse(record(attempt).brokerTime());
    if (later.unlessTooLate(since, next, GIVE_UP_AFTER) instanceof Refused<PostedStatus> refused) {
      gaveUp(transaction, attempt, refused);
      return;
    }
    statuses.later(
        transaction,
        attempt,
        later.cause().waitingFor(),
        later.httpStatus(),
        OneLine.of(later.reason()),
        next);
  }

  private void gaveUp(
      DSLContext transaction, StatusAttempt attempt, Refused<PostedStatus> refused) {
    String reason = OneLine.of(refused.reason());
    statuses.gaveUp(transaction, attempt, refused.httpStatus(), reason);
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
