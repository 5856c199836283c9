package sh.cinch.simulator.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Answers a call whose body and answer are too large to be held. */
@FunctionalInterface
public interface Streaming {
  Streamed answer(Call call);

  /**
   * What comes of such a call.
   *
   * @param head the whole answer where there is no body
   */
  record Streamed(Reply head, Optional<Body> body) {
    public static Streamed whole(Reply reply) {
      return new Streamed(reply, Optional.empty());
    }
  }

  /** Reads what was sent and writes what follows the head; on a thread that may wait. */
  interface Body {
    void exchange(InputStream sent, OutputStream answer) throws IOException;
  }
}
