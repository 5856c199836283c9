package sh.cinch.releaseworker;

import java.util.Optional;
import sh.cinch.releaseworker.prepare.ReleasePreparer;
import sh.cinch.releaseworker.send.FileSender;
import sh.cinch.service.due.Loop;

/** Who is woken by what, so that nothing recorded waits for a poll. */
final class Wakes {

  private final Loop telling;
  private volatile Optional<ReleasePreparer> preparer = Optional.empty();
  private volatile Optional<FileSender> sender = Optional.empty();

  /**
   * @param telling sends outcomes
   */
  Wakes(Loop telling) {
    this.telling = telling;
  }

  /** Each wakes the other, so both are made before either is known here. */
  void of(ReleasePreparer prepares, FileSender sends) {
    preparer = Optional.of(prepares);
    sender = Optional.of(sends);
  }

  void recorded() {
    preparer.ifPresent(ReleasePreparer::wake);
    telling.wake();
  }

  void prepared() {
    sender.ifPresent(FileSender::wake);
    telling.wake();
  }

  /** The last file of a release makes its checksums due. */
  void settled() {
    preparer.ifPresent(ReleasePreparer::wake);
    telling.wake();
  }
}
