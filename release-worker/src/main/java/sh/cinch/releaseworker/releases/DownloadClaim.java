package sh.cinch.releaseworker.releases;

import java.util.UUID;
import sh.cinch.database.release_worker.tables.records.DownloadRecord;

/** A download that is this instance's to fill, for as long as it renews the claim. */
public final class DownloadClaim {

  private final DownloadRecord row;

  DownloadClaim(DownloadRecord row) {
    this.row = row;
  }

  public UUID repository() {
    return row.getRepositoryId();
  }

  /** The file's name in the downloads. */
  public String name() {
    return row.getName();
  }

  DownloadRecord row() {
    return row;
  }

  Download download() {
    return new Download(repository(), name());
  }

  /** For the log. */
  @Override
  public String toString() {
    return "repository=%s file=%s".formatted(repository(), name());
  }
}
