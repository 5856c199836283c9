package sh.cinch.releaseworker.source;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** What came of opening a source. Reasons are for whoever asked for the release: no secrets. */
public sealed interface Opened {

  /**
   * @param bytes paused. Ends only after as many bytes as were announced; fails where the source
   *     breaks, gives nothing for a minute though asked, has fewer bytes, or more ({@link
   *     MoreThanAnnounced})
   * @param close ends it whatever its state; may be called again. What had not ended fails.
   */
  record Content(ReadStream<Buffer> bytes, Runnable close) implements Opened {}

  /** Trying again cannot help. */
  record Refused(String reason) implements Opened {}

  /** The source is away, or slow. */
  record NotNow(String reason) implements Opened {}
}
