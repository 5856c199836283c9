package sh.cinch.releaseworker.releases;

import static sh.cinch.database.release_worker.Tables.DOWNLOAD;

import java.util.UUID;
import org.jooq.Condition;

/** A name in a repository's downloads, under which one file lies. */
record Download(UUID repository, String name) {

  Condition row() {
    return DOWNLOAD.REPOSITORY_ID.eq(repository).and(DOWNLOAD.NAME.eq(name));
  }
}
