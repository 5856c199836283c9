package sh.cinch.statusworker.storm;

import sh.cinch.schema.event.Repository;

/** Where a status is. */
record Place(Repository repository, String commit, String key) {

  /** Where its records belong; runners may choose others. */
  String recordKey() {
    return repository.id() + ":" + commit;
  }
}
