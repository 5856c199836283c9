package sh.cinch.releaseworker.releases;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import sh.cinch.bitbucket.client.Download;

/**
 * A file that Bitbucket lists among the downloads. It never says what it holds.
 *
 * @param size in bytes, where it says so
 * @param madeAt when it was put there, where it says so
 */
public record ListedDownload(OptionalLong size, Optional<Instant> madeAt) {

  public static ListedDownload of(Download download) {
    return new ListedDownload(download.size(), download.createdOn());
  }

  /** Bitbucket says nothing else than that these bytes are there. */
  public boolean maySizeBe(long bytes) {
    return size.isEmpty() || size.getAsLong() == bytes;
  }
}
