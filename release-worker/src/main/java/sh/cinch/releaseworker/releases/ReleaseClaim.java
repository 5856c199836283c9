package sh.cinch.releaseworker.releases;

import sh.cinch.database.release_worker.tables.records.ReleaseRecord;

/** A release that is this instance's to see to, for a while. */
public final class ReleaseClaim {

  private final ReleaseRecord row;
  private final Release release;

  ReleaseClaim(ReleaseRecord row) {
    this.row = row;
    this.release = Release.of(row);
  }

  public Release release() {
    return release;
  }

  ReleaseRecord row() {
    return row;
  }

  /** For the log. */
  @Override
  public String toString() {
    return "repository=%s tag=%s".formatted(release.repository(), release.tag());
  }
}
