package sh.cinch.simulator.http;

import java.time.Duration;

/** A call that waits for its answer, as whoever interferes with it sees it. */
public interface Exchange {
  Call call();

  /** Lets the call have its effect; nothing is sent yet. */
  Reply answer();

  void send(Reply reply);

  /** Closes the connection without an answer. */
  void cut();

  void after(Duration wait, Runnable then);
}
