package sh.cinch.releaseworker;

import java.util.Optional;
import sh.cinch.releaseworker.prepare.ReleasePreparer;
import sh.cinch.releaseworker.send.FileSender;
import sh.cinch.service.due.Loop;

/** Wakes each part when another has recorded something for it, so that nothing waits for a poll. */
final class Wakes {

  private final Loop sending;
  private volatile Optional<ReleasePreparer> preparer = Optional.empty();
  private volatile Optional<FileSender> sender = Optional.empty();

  /**
   * @param sending sends outcomes
   */
  Wakes(Loop sending) {
    this.sending = sending;
  }

  /** Each wakes the other, so both are made before either is known here. */
  void of(ReleasePreparer prepares, FileSender sends) {
    preparer = Optional.of(prepares);
    sender = Optional.of(sends);
  }

  void recorded() {
    preparer.ifPresent(ReleasePreparer::wake);
    sending.wake();
  }

  void prepared() {
    sender.ifPresent(FileSender::wake);
    sending.wake();
  }

  /** The last file of a release makes its checksums due. */
  void settled() {
    preparer.ifPresent(ReleasePreparer::wake);
    sending.wake();
  }
}
