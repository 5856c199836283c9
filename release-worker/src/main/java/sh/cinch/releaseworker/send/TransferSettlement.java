package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.DSLContext;
import sh.cinch.releaseworker.forge.Obstacle;
import sh.cinch.releaseworker.forge.Setback;
import sh.cinch.releaseworker.outcome.Detail;
import sh.cinch.releaseworker.releases.DesiredFile;
import sh.cinch.releaseworker.releases.DownloadClaim;
import sh.cinch.releaseworker.releases.ReleaseCompletion;
import sh.cinch.releaseworker.releases.ReleaseFile;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.text.OneLine;

/** Writes down what came of a transfer: place, file, release and outcome in one transaction. */
final class TransferSettlement {

  private final SendParts parts;
  private final DownloadClaim claim;
  private final DesiredFile wanted;
  private final Repository repository;
  private final int attempts;

  /**
   * @param attempts to send this version by now
   */
  TransferSettlement(
      SendParts parts,
      DownloadClaim claim,
      DesiredFile wanted,
      Repository repository,
      int attempts) {
    this.parts = parts;
    this.claim = claim;
    this.wanted = wanted;
    this.repository = repository;
    this.attempts = attempts;
  }

  void settle(Result result) {
    Instant now = parts.clock().instant();
    parts
        .database()
        .write(
            transaction -> {
              switch (parts.places().standing(transaction, claim, wanted.version())) {
                case CURRENT -> current(transaction, result, now);
                case OVERTAKEN -> overtaken(transaction, result, now);
                case LOST -> {
                  if (result instanceof Result.Sent) {
                    parts.places().wantAgain(transaction, claim);
                  }
                }
              }
            });
  }

  private void current(DSLContext transaction, Result result, Instant now) {
    switch (result) {
      case Result.Sent(OptionalInt httpStatus) -> sent(transaction, httpStatus);
      case Result.Halted(Setback.Later later) -> later(transaction, later, now);
      case Result.Halted(Setback.Never never) -> never(transaction, never);
      case Result.Lapsed(Duration pause) ->
          parts.places().release(transaction, claim, now.plus(pause));
    }
  }

  private void sent(DSLContext transaction, OptionalInt httpStatus) {
    parts.places().sent(transaction, claim, wanted.file(), null);
    parts
        .endings()
        .delivered(transaction, repository, wanted.release(), wanted.file(), httpStatus, attempts);
    look(transaction);
  }

  private void later(DSLContext transaction, Setback.Later later, Instant now) {
    Instant next = now.plus(later.pause());
    String reason = OneLine.of(later.reason());
    if (later.unlessTooLate(wanted.release().record().brokerTime(), next)
        instanceof Setback.Never never) {
      never(transaction, never);
      return;
    }
    parts.places().later(transaction, claim, attempts, next, later.obstacle().name(), reason);
    if (isOpen() && !wanted.waitingFor().equals(Optional.of(later.obstacle().name()))) {
      parts
          .outcomes()
          .file(
              transaction,
              ReleaseCompletion.subject(wanted.release(), repository),
              wanted.file().name(),
              Outcome.Result.WAITING,
              Detail.because(later.httpStatus(), attempts, reason));
    }
  }

  private void never(DSLContext transaction, Setback.Never never) {
    parts.places().release(transaction, claim, null);
    parts
        .endings()
        .failed(
            transaction,
            repository,
            wanted.release(),
            wanted.file(),
            Detail.because(never.httpStatus(), attempts, OneLine.of(never.reason())));
    look(transaction);
  }

  /** A file that is sent once more ended long ago, and its release with it. */
  private void look(DSLContext transaction) {
    if (isOpen()) {
      parts.endings().look(transaction, repository, wanted.release().id());
    }
  }

  private boolean isOpen() {
    return wanted.file().state() == ReleaseFile.State.OPEN;
  }

  /** Something newer waits for this attempt to end. */
  private void overtaken(DSLContext transaction, Result result, Instant now) {
    switch (result) {
      case Result.Sent sent -> parts.places().sent(transaction, claim, wanted.file(), now);
      case Result.Halted(Setback.Later later) ->
          parts
              .places()
              .release(
                  transaction,
                  claim,
                  later.obstacle() == Obstacle.SOURCE ? now : now.plus(later.pause()));
      case Result.Halted(Setback.Never never) -> parts.places().release(transaction, claim, now);
      case Result.Lapsed(Duration pause) ->
          parts.places().release(transaction, claim, now.plus(pause));
    }
  }
}
