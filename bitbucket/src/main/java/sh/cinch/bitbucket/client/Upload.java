package sh.cinch.bitbucket.client;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/**
 * A file on its way to a repository's downloads.
 *
 * @param length how many bytes the content has, exactly
 * @param content no more is asked of it than Bitbucket takes. The upload is complete only once this
 *     ends: whoever wants to be sure of a checksum first lets it end only then, and lets it fail
 *     otherwise. It stays its owner's to close, whatever comes of the upload, and may be left
 *     paused
 */
public record Upload(String name, long length, ReadStream<Buffer> content) {

  /**
   * @throws IllegalArgumentException where the name is no plain file name, or the length negative
   */
  public Upload {
    if (!isFileName(name)) {
      throw new IllegalArgumentException(
          "a download's name is neither empty nor dots, and without slashes, quotes and controls");
    }
    if (length < 0) {
      throw new IllegalArgumentException("a file's length is not negative");
    }
  }

  // Others would end the header they stand in, or name a folder.
  private static boolean isFileName(String name) {
    return !name.isBlank()
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().noneMatch(c -> c < ' ' || c == 0x7f || "/\\\"".indexOf(c) >= 0);
  }
}
