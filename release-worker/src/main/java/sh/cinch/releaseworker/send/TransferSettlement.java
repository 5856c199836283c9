package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.DSLContext;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeResult;
import sh.cinch.releaseworker.outcome.Detail;
import sh.cinch.releaseworker.outcome.Outcomes;
import sh.cinch.releaseworker.releases.DesiredFile;
import sh.cinch.releaseworker.releases.DownloadClaim;
import sh.cinch.releaseworker.releases.Downloads;
import sh.cinch.releaseworker.releases.Release;
import sh.cinch.releaseworker.releases.ReleaseCompletion;
import sh.cinch.releaseworker.releases.ReleaseFile;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.database.Database;
import sh.cinch.service.text.OneLine;

/** Settles a transfer: download, file, release and outcome in one transaction. */
public final class TransferSettlement {

  /**
   * A transfer that ended.
   *
   * @param attempts to send this version by now
   */
  record Ended(
      DownloadClaim claim,
      DesiredFile desired,
      Repository repository,
      int attempts,
      Result result) {

    Release release() {
      return desired.release();
    }

    /** A file that is sent once more ended long ago, and its release with it. */
    boolean isOpen() {
      return desired.file().state() == ReleaseFile.State.OPEN;
    }
  }

  private final Database database;
  private final Downloads downloads;
  private final ReleaseCompletion completion;
  private final Outcomes outcomes;
  private final InstantSource clock;

  public TransferSettlement(
      Database database,
      Downloads downloads,
      ReleaseCompletion completion,
      Outcomes outcomes,
      InstantSource clock) {
    this.database = database;
    this.downloads = downloads;
    this.completion = completion;
    this.outcomes = outcomes;
    this.clock = clock;
  }

  void settle(Ended ended) {
    Instant now = clock.instant();
    database.write(
        transaction -> {
          switch (downloads.state(transaction, ended.claim(), ended.desired().version())) {
            case CURRENT -> current(transaction, ended, now);
            case OVERTAKEN -> overtaken(transaction, ended, now);
            case LOST -> {
              if (ended.result() instanceof Result.Sent) {
                downloads.wantAgain(transaction, ended.claim());
              }
            }
          }
        });
  }

  private void current(DSLContext transaction, Ended ended, Instant now) {
    switch (ended.result()) {
      case Result.Sent(OptionalInt httpStatus) -> sent(transaction, ended, httpStatus);
      case Result.Later(ForgeResult.Later<?> why) -> later(transaction, ended, why, now);
      case Result.Never(ForgeResult.Refused<?> why) -> never(transaction, ended, why);
      case Result.Lapsed(Duration pause) ->
          downloads.release(transaction, ended.claim(), now.plus(pause));
    }
  }

  private void sent(DSLContext transaction, Ended ended, OptionalInt httpStatus) {
    downloads.sent(transaction, ended.claim(), ended.desired().file(), null);
    completion.sent(
        transaction,
        ended.repository(),
        ended.release(),
        ended.desired().file(),
        httpStatus,
        ended.attempts());
  }

  private void later(DSLContext transaction, Ended ended, ForgeResult.Later<?> later, Instant now) {
    Instant next = now.plus(later.pause());
    if (later.unlessTooLate(ended.release().record().brokerTime(), next, Release.GIVE_UP_AFTER)
        instanceof ForgeResult.Refused<?> refused) {
      never(transaction, ended, refused);
      return;
    }
    String cause = later.cause().name();
    String reason = OneLine.of(later.reason());
    Detail detail = Detail.because(later.httpStatus(), ended.attempts(), reason);
    downloads.later(transaction, ended.claim(), ended.attempts(), next, cause, reason);
    if (!ended.isOpen()) {
      return;
    }
    if (!ended.desired().waitingFor().equals(Optional.of(cause))) {
      outcomes.file(
          transaction,
          ReleaseCompletion.subject(ended.release(), ended.repository()),
          ended.desired().file().name(),
          Outcome.Result.WAITING,
          detail);
    }
    completion.waiting(
        transaction, ended.repository(), ended.desired().file(), later.cause(), next, detail);
  }

  private void never(DSLContext transaction, Ended ended, ForgeResult.Refused<?> refused) {
    downloads.release(transaction, ended.claim(), null);
    completion.notSent(
        transaction,
        ended.repository(),
        ended.release(),
        ended.desired().file(),
        Detail.because(refused.httpStatus(), ended.attempts(), OneLine.of(refused.reason())));
  }

  /** Something newer waits for this attempt to end. */
  private void overtaken(DSLContext transaction, Ended ended, Instant now) {
    switch (ended.result()) {
      case Result.Sent sent ->
          downloads.sent(transaction, ended.claim(), ended.desired().file(), now);
      case Result.Later(ForgeResult.Later<?> why) ->
          downloads.release(
              transaction,
              ended.claim(),
              why.cause() == Cause.SOURCE ? now : now.plus(why.pause()));
      case Result.Never never -> downloads.release(transaction, ended.claim(), now);
      case Result.Lapsed(Duration pause) ->
          downloads.release(transaction, ended.claim(), now.plus(pause));
    }
  }
}
