package sh.cinch.ingress.reconciler;

import java.time.Instant;
import java.util.UUID;
import sh.cinch.database.ingress.tables.records.RepositoryRecord;
import sh.cinch.forge.Refs;
import sh.cinch.ingress.connecting.connection.Connection;

/**
 * A look at a repository that no request was left for in the midst of its list.
 *
 * @param since it is connected
 * @param asked when it began
 * @param requests that it took so far
 */
record CutLook(
    UUID repository,
    Instant since,
    UUID credential,
    Refs.Reading reading,
    Instant asked,
    int requests) {

  CutLook(
      RepositoryRecord row,
      Connection.Used credential,
      Refs.Reading reading,
      Instant asked,
      int requests) {
    this(row.getId(), row.getSince(), credential.id(), reading, asked, requests);
  }

  CutLook after(int all) {
    return new CutLook(repository, since, credential, reading, asked, all);
  }

  /** Whether it is of the repository as it is connected now. */
  boolean isOf(RepositoryRecord row, Connection.Used used) {
    return since.equals(row.getSince()) && credential.equals(used.id());
  }
}
