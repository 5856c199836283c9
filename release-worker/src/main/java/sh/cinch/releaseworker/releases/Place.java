package sh.cinch.releaseworker.releases;

import static sh.cinch.database.release_worker.Tables.DOWNLOAD;

import java.util.UUID;
import org.jooq.Condition;

/** A place in a repository's downloads: a name, under which one file lies. */
record Place(UUID repository, String name) {

  Condition row() {
    return DOWNLOAD.REPOSITORY_ID.eq(repository).and(DOWNLOAD.NAME.eq(name));
  }
}
