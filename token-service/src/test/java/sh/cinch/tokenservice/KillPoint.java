package sh.cinch.tokenservice;

import java.nio.charset.StandardCharsets;

/** A moment of a refresh at which an instance dies. */
enum KillPoint {
  /** Bitbucket has heard nothing. */
  BEFORE_THE_REQUEST {
    @Override
    Cable.Watch watch(Runnable cutDatabase, Runnable kill) {
      return new Cable.Watch() {
        @Override
        public boolean asks(byte[] bytes, int length) {
          if (isRefresh(bytes, length)) {
            kill.run();
            return false;
          }
          return true;
        }
      };
    }
  },

  /** Bitbucket has given new tokens, and nobody has got them. */
  BEFORE_THE_ANSWER {
    @Override
    Cable.Watch watch(Runnable cutDatabase, Runnable kill) {
      return new Cable.Watch() {
        private volatile boolean asked;

        @Override
        public boolean asks(byte[] bytes, int length) {
          asked |= isRefresh(bytes, length);
          return true;
        }

        @Override
        public boolean answers(byte[] bytes, int length) {
          if (asked) {
            kill.run();
          }
          return !asked;
        }
      };
    }
  },

  /** The instance has the new tokens in its hands, and the database never sees them. */
  BEFORE_THE_COMMIT {
    @Override
    Cable.Watch watch(Runnable cutDatabase, Runnable kill) {
      return new Cable.Watch() {
        private volatile boolean asked;

        @Override
        public boolean asks(byte[] bytes, int length) {
          asked |= isRefresh(bytes, length);
          return true;
        }

        @Override
        public boolean answers(byte[] bytes, int length) {
          if (asked) {
            cutDatabase.run();
            // The rest of the answer comes within the same moment; then it dies.
            Thread.ofVirtual().start(kill);
          }
          return true;
        }
      };
    }
  };

  /**
   * What to do with what passes between the instance and Bitbucket.
   *
   * @param cutDatabase from then on nothing is committed
   * @param kill ends the instance
   */
  abstract Cable.Watch watch(Runnable cutDatabase, Runnable kill);

  private static boolean isRefresh(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
        .contains("grant_type=refresh_token");
  }
}
