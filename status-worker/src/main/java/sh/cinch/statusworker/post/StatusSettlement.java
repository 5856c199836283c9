package sh.cinch.statusworker.post;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.DSLContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.text.OneLine;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.statusworker.outcome.Subject;
import sh.cinch.statusworker.post.Answer.Hopeless;
import sh.cinch.statusworker.post.Answer.Lapsed;
import sh.cinch.statusworker.post.Answer.Posted;
import sh.cinch.statusworker.post.Answer.TryAgain;
import sh.cinch.statusworker.post.Answer.Unknown;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.DesiredStatus;

/** Writes down what came of an attempt: row, outcome and dead letter in one transaction. */
final class StatusSettlement {

  /** As long as the topic keeps the record, then a person decides. */
  private static final Duration GIVE_UP_AFTER = Duration.ofDays(14);

  private final Database database;
  private final CommitStatuses board;
  private final Outcomes outcomes;
  private final DeadLetters deadLetters;
  private final InstantSource clock;
  private final Counter deadLettered;

  StatusSettlement(
      Database database,
      CommitStatuses board,
      Outcomes outcomes,
      DeadLetters deadLetters,
      InstantSource clock,
      MeterRegistry metrics) {
    this.database = database;
    this.board = board;
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
            switch (board.standing(transaction, ended.claim(), ended.wanted())) {
              case CURRENT -> {
                settle(transaction, ended, answeredAt);
                yield false;
              }
              case OVERTAKEN -> {
                Duration pause = pause(ended.answer());
                board.release(transaction, ended.claim(), answeredAt.plus(pause));
                yield pause.isZero();
              }
              case LOST -> {
                if (ended.requests() > 0) {
                  board.wantAgain(transaction, ended.wanted().status());
                }
                yield false;
              }
            });
  }

  private void settle(DSLContext transaction, PostAttempt.Ended ended, Instant answeredAt) {
    switch (ended.answer()) {
      case Posted(int httpStatus) -> posted(transaction, ended, httpStatus, answeredAt);
      case TryAgain(Obstacle obstacle, OptionalInt httpStatus, String reason, Duration pause) ->
          later(
              transaction, ended, obstacle, httpStatus, OneLine.of(reason), answeredAt.plus(pause));
      case Unknown(OptionalInt httpStatus, String reason) ->
          later(
              transaction,
              ended,
              Obstacle.BITBUCKET,
              httpStatus,
              OneLine.of(reason),
              answeredAt.plus(PostAttempt.MAY_STILL_LAND));
      case Lapsed() -> board.release(transaction, ended.claim(), answeredAt);
      case Hopeless(OptionalInt httpStatus, String reason, boolean deadLetter) ->
          gaveUp(transaction, ended, httpStatus, OneLine.of(reason), deadLetter);
    }
  }

  private void posted(
      DSLContext transaction, PostAttempt.Ended ended, int httpStatus, Instant answeredAt) {
    if (board.posted(transaction, ended.claim(), ended.wanted(), ended.requests())) {
      Duration took = Duration.between(ended.wanted().record().brokerTime(), answeredAt);
      outcomes.delivered(
          transaction,
          subject(ended),
          httpStatus,
          attempts(ended),
          took.isNegative() ? Duration.ZERO : took,
          ended.warnings());
    }
  }

  private void later(
      DSLContext transaction,
      PostAttempt.Ended ended,
      Obstacle obstacle,
      OptionalInt httpStatus,
      String reason,
      Instant next) {
    DesiredStatus wanted = ended.wanted();
    if (next.isAfter(wanted.record().brokerTime().plus(GIVE_UP_AFTER))) {
      String all = "given up after %d days: %s".formatted(GIVE_UP_AFTER.toDays(), reason);
      gaveUp(transaction, ended, httpStatus, all, true);
      return;
    }
    board.later(
        transaction, ended.claim(), wanted, ended.requests(), next, obstacle.name(), reason);
    if (!wanted.waitingFor().equals(Optional.of(obstacle.name()))) {
      outcomes.waiting(transaction, subject(ended), httpStatus, attempts(ended), reason);
    }
  }

  private void gaveUp(
      DSLContext transaction,
      PostAttempt.Ended ended,
      OptionalInt httpStatus,
      String reason,
      boolean deadLetter) {
    board.gaveUp(transaction, ended.claim(), ended.wanted(), ended.requests(), reason);
    outcomes.failed(transaction, subject(ended), httpStatus, attempts(ended), reason);
    if (deadLetter) {
      deadLetters.put(transaction, ended.wanted().record(), reason);
      deadLettered.increment();
    }
  }

  /** How long a newer state must wait because of how the older one's attempt ended. */
  private static Duration pause(Answer answer) {
    return switch (answer) {
      case Posted posted -> Duration.ZERO;
      case Lapsed lapsed -> Duration.ZERO;
      case Hopeless hopeless -> Duration.ZERO;
      case TryAgain again -> again.pause();
      case Unknown unknown -> PostAttempt.MAY_STILL_LAND;
    };
  }

  private static int attempts(PostAttempt.Ended ended) {
    return ended.wanted().attempts() + ended.requests();
  }

  private static Subject subject(PostAttempt.Ended ended) {
    DesiredStatus wanted = ended.wanted();
    return new Subject(
        ended.repository(),
        wanted.status().commit(),
        wanted.status().key(),
        wanted.record().eventId(),
        wanted.version(),
        wanted.trace());
  }
}
