package sh.cinch.releaseworker.releases;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import sh.cinch.forge.Cause;
import sh.cinch.releaseworker.outcome.Detail;
import sh.cinch.releaseworker.outcome.Outcomes;
import sh.cinch.releaseworker.outcome.Subject;
import sh.cinch.releaseworker.releases.ReleaseFile.State;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.intake.DeadLetters;

/**
 * Ends files and their releases, and has them wait. The caller holds a file's download; the release
 * is locked after it, always in this order.
 */
public final class ReleaseCompletion {

  private static final int NAMED = 3;

  private final Releases releases;
  private final ReleaseStates states;
  private final Outcomes outcomes;
  private final DeadLetters deadLetters;
  private final InstantSource clock;

  public ReleaseCompletion(
      Releases releases,
      ReleaseStates states,
      Outcomes outcomes,
      DeadLetters deadLetters,
      InstantSource clock) {
    this.releases = releases;
    this.states = states;
    this.outcomes = outcomes;
    this.deadLetters = deadLetters;
    this.clock = clock;
  }

  /** What an outcome of the release says it is about. */
  public static Subject subject(Release release, Repository repository) {
    return new Subject(
        repository,
        release.commit(),
        release.tag(),
        release.id(),
        release.round(),
        release.trace());
  }

  public void delivered(
      DSLContext transaction,
      Repository repository,
      Release release,
      ReleaseFile file,
      OptionalInt httpStatus,
      int attempts) {
    Detail detail =
        new Detail(
            httpStatus, attempts, Optional.empty(), Optional.of(took(release)), file.warnings());
    end(transaction, repository, release, file, State.DELIVERED, Result.DELIVERED, detail);
  }

  public void superseded(
      DSLContext transaction, Repository repository, Release release, ReleaseFile file) {
    Detail detail = Detail.because("a newer release has the name " + file.downloadName());
    end(transaction, repository, release, file, State.SUPERSEDED, Result.SUPERSEDED, detail);
  }

  /**
   * @param detail with its reason
   */
  private void failed(
      DSLContext transaction,
      Repository repository,
      Release release,
      ReleaseFile file,
      Detail detail) {
    end(transaction, repository, release, file, State.FAILED, Result.FAILED, detail);
  }

  /** Bitbucket has taken a file. */
  public void sent(
      DSLContext transaction,
      Repository repository,
      Release release,
      ReleaseFile file,
      OptionalInt httpStatus,
      int attempts) {
    transferred(
        transaction,
        repository,
        release,
        file,
        (each, its) -> delivered(transaction, repository, each, its, httpStatus, attempts));
  }

  /**
   * A file cannot be sent.
   *
   * @param detail with its reason
   */
  public void notSent(
      DSLContext transaction,
      Repository repository,
      Release release,
      ReleaseFile file,
      Detail detail) {
    transferred(
        transaction,
        repository,
        release,
        file,
        (each, its) -> failed(transaction, repository, each, its, detail));
  }

  /** With the checksums of a tag those of its other releases end that wait for the same file. */
  private void transferred(
      DSLContext transaction,
      Repository repository,
      Release release,
      ReleaseFile file,
      BiConsumer<Release, ReleaseFile> end) {
    List<ReleaseFile> sharing =
        file.isChecksums() ? TagChecksums.sharing(transaction, release, file) : List.of();
    if (!sharing.isEmpty()) {
      // Before their files, as everywhere.
      releases.lock(transaction, release, sharing);
    }
    end.accept(release, file);
    // A file that is sent once more ended long ago, and its release with it.
    if (file.state() == State.OPEN) {
      look(transaction, repository, release.id());
    }
    for (ReleaseFile other : sharing) {
      end.accept(
          releases.find(transaction, other.release()), other.with(file.size(), file.sha256()));
      look(transaction, repository, other.release());
    }
  }

  /**
   * It is tried again.
   *
   * @param detail with its reason
   */
  public void waiting(
      DSLContext transaction,
      Repository repository,
      ReleaseFile file,
      Cause cause,
      Instant next,
      Detail detail) {
    if (releases.settle(transaction, file, State.OPEN, detail)
        && releases.fileWaits(
            transaction, file.release(), cause.name(), next, detail.reason().orElseThrow())) {
      states.publish(transaction, file.release(), repository);
    }
  }

  private void end(
      DSLContext transaction,
      Repository repository,
      Release release,
      ReleaseFile file,
      State state,
      Result result,
      Detail detail) {
    if (releases.settle(transaction, file, state, detail)) {
      outcomes.file(transaction, subject(release, repository), file.name(), result, detail);
    }
  }

  /** It cannot be released: none of its files was sent. */
  public void refused(
      DSLContext transaction, Repository repository, Release release, Detail detail) {
    String reason = detail.reason().orElseThrow();
    for (ReleaseFile file : releases.files(transaction, release.id())) {
      failed(transaction, repository, release, file, Detail.because(ReleaseFile.notSent(reason)));
    }
    fail(transaction, repository, release, detail);
    states.publish(transaction, release.id(), repository);
  }

  /**
   * Ends the release if all its files have ended; where only its checksums are open, they are due.
   * Called once what else changed of it is written: how it stands then is published.
   */
  public void look(DSLContext transaction, Repository repository, String id) {
    Release release = releases.lock(transaction, id);
    if (release.state() == Release.State.SENDING) {
      endIfOver(transaction, repository, release);
    }
    states.publish(transaction, id, repository);
  }

  private void endIfOver(DSLContext transaction, Repository repository, Release release) {
    String id = release.id();
    List<ReleaseFile> files = releases.files(transaction, id);
    List<ReleaseFile> open = of(files, State.OPEN);
    if (open.stream().anyMatch(file -> !file.isChecksums())) {
      return;
    }
    List<ReleaseFile> failed = of(files, State.FAILED);
    List<ReleaseFile> superseded = of(files, State.SUPERSEDED);
    if (!failed.isEmpty()) {
      without(transaction, repository, release, open, "not all files were");
      fail(transaction, repository, release, Detail.because(inWords(failed, files.size())));
    } else if (!superseded.isEmpty()) {
      without(transaction, repository, release, open, "a newer release has its files");
      String reason = "a newer release has " + names(superseded);
      releases.end(transaction, id, Release.State.SUPERSEDED, Optional.of(reason));
      outcomes.release(
          transaction, subject(release, repository), Result.SUPERSEDED, Detail.because(reason));
    } else if (!open.isEmpty()) {
      releases.wake(transaction, id);
    } else {
      releases.end(transaction, id, Release.State.DELIVERED, Optional.empty());
      outcomes.release(
          transaction,
          subject(release, repository),
          Result.DELIVERED,
          new Detail(
              OptionalInt.empty(),
              0,
              Optional.empty(),
              Optional.of(took(release)),
              release.warnings()));
    }
  }

  private void without(
      DSLContext transaction,
      Repository repository,
      Release release,
      List<ReleaseFile> open,
      String reason) {
    Detail detail = Detail.because(ReleaseFile.notSent(reason));
    open.forEach(file -> failed(transaction, repository, release, file, detail));
  }

  private void fail(DSLContext transaction, Repository repository, Release release, Detail detail) {
    releases.end(transaction, release.id(), Release.State.FAILED, detail.reason());
    outcomes.release(
        transaction,
        subject(release, repository),
        Result.FAILED,
        detail.warning(release.warnings()));
    deadLetters.put(transaction, release.record(), detail.reason().orElseThrow());
  }

  private static String inWords(List<ReleaseFile> failed, int all) {
    ReleaseFile first = failed.getFirst();
    return "%d of %d files could not be sent: %s (%s)"
        .formatted(failed.size(), all, names(failed), first.reason().orElse(""));
  }

  private static String names(List<ReleaseFile> files) {
    String some =
        files.stream().limit(NAMED).map(ReleaseFile::name).collect(Collectors.joining(", "));
    return files.size() > NAMED ? some + " and others" : some;
  }

  private static List<ReleaseFile> of(List<ReleaseFile> files, State state) {
    return files.stream().filter(file -> file.state() == state).toList();
  }

  private Duration took(Release release) {
    Instant now = clock.instant();
    Duration took = Duration.between(release.record().brokerTime(), now);
    return took.isNegative() ? Duration.ZERO : took;
  }
}
