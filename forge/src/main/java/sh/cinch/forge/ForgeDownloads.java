package sh.cinch.forge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Files that a forge keeps beside a repository, one for each name. */
public interface ForgeDownloads extends ForgeSession.Capability {

  /**
   * A file as the forge lists it. It never says what it holds.
   *
   * @param size in bytes, where it says so
   * @param madeAt when it was put there, where it says so
   */
  record Listed(String name, OptionalLong size, Optional<Instant> madeAt) {}

  /**
   * The files of a repository.
   *
   * @param unread how many the forge lists beside them of which it does not say what they are:
   *     while there are some, none can be told to be missing
   */
  record Listing(List<Listed> files, int unread) {

    public Optional<Listed> find(String name) {
      return files.stream().filter(one -> one.name().equals(name)).findFirst();
    }
  }

  /** What an upload sends. */
  @FunctionalInterface
  interface Content {

    /**
     * Opened anew for each try.
     *
     * @return empty where it cannot be: then no request is made
     */
    Optional<Opened> open();

    /**
     * Bytes on their way.
     *
     * @param bytes paused; they end only once all are known to be right, and fail otherwise
     * @param close called once, however the upload ended
     */
    record Opened(ReadStream<Buffer> bytes, Runnable close) {}
  }

  /** The result of an upload. */
  sealed interface Upload {

    /** As of any call; unclear where half of the file may be there. */
    record Answered(ForgeResult<Applied> result) implements Upload {}

    /**
     * The content failed or stalled; the request was broken off, so it cannot be taken for whole.
     */
    record Torn(String reason) implements Upload {}
  }

  ForgeResult<Listing> list(ForgeRepository repository);

  /** Done also where there was none of that name. */
  ForgeResult<Applied> delete(ForgeRepository repository, String name);

  /** Makes the download, or replaces the one of its name. */
  Upload upload(ForgeRepository repository, String name, long size, Content content);
}
