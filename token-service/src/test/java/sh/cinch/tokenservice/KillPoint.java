package sh.cinch.tokenservice;

import java.nio.charset.StandardCharsets;
import sh.cinch.testkit.CuttableConnection;

/** A moment of a refresh at which an instance dies. */
enum KillPoint {
  /** Bitbucket has heard nothing. */
  BEFORE_THE_REQUEST,
  /** Bitbucket has given new tokens, and nobody has got them. */
  BEFORE_THE_ANSWER,
  /** The instance has the new tokens in its hands, and the database never sees them. */
  BEFORE_THE_COMMIT;

  /**
   * What to do with what passes between the instance and Bitbucket.
   *
   * @param cutDatabase from then on nothing is committed
   * @param kill ends the instance
   */
  CuttableConnection.Watch watch(Runnable cutDatabase, Runnable kill) {
    return new CuttableConnection.Watch() {
      private volatile boolean asked;

      @Override
      public boolean asks(byte[] bytes, int length) {
        asked |= isRefresh(bytes, length);
        if (asked && KillPoint.this == BEFORE_THE_REQUEST) {
          kill.run();
          return false;
        }
        return true;
      }

      @Override
      public boolean answers(byte[] bytes, int length) {
        if (asked && KillPoint.this == BEFORE_THE_ANSWER) {
          kill.run();
          return false;
        }
        if (asked && KillPoint.this == BEFORE_THE_COMMIT) {
          cutDatabase.run();
          // The rest of the answer comes within the same moment; then it dies.
          Thread.ofVirtual().start(kill);
        }
        return true;
      }
    };
  }

  private static boolean isRefresh(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
        .contains("grant_type=refresh_token");
  }
}
