package sh.cinch.bitbucket.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/**
 * A body that is not in memory.
 *
 * @param contentLength how many bytes the content must have
 * @param after sent only once the content has ended
 */
public record StreamedBody(
    Buffer before, ReadStream<Buffer> content, long contentLength, Buffer after) {

  public long length() {
    return before.length() + contentLength + after.length();
  }
}
