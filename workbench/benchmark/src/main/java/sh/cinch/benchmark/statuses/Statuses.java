package sh.cinch.benchmark.statuses;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import sh.cinch.schema.event.Repository;

/** What the status-worker has written down of statuses. */
final class Statuses {

  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration LATER = Duration.ofMillis(200);

  private static final String OF_A_ROUND =
      """
       from status_worker.status
       where repository_id = any (?) and commit_hash >= ? and commit_hash < ?
       and progress = 'delivered' and due_at is null\
      """;

  private final Connection connection;
  private final UUID[] repositories;

  /**
   * A round that is over.
   *
   * @param first when its first request began
   * @param last when its last row was settled
   * @param requests that were made
   * @param requestMs that they took together
   */
  record Settled(int count, Instant first, Instant last, int requests, long requestMs) {

    double seconds() {
      return Duration.between(first, last).toNanos() / 1e9;
    }
  }

  Statuses(Connection connection, List<Repository> repositories) {
    this.connection = connection;
    this.repositories = repositories.stream().map(Repository::id).toArray(UUID[]::new);
  }

  /**
   * Returns once all of them are settled.
   *
   * @param alive throws where nobody will settle them any more
   */
  Settled await(int round, int count, Runnable alive) throws SQLException, InterruptedException {
    while (isAnyDue() || delivered(round) < count) {
      alive.run();
    }
    return settled(round);
  }

  /** Cheap, however many there are. */
  private boolean isAnyDue() throws SQLException, InterruptedException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "select exists (select from status_worker.status where due_at is not null)");
        ResultSet row = statement.executeQuery()) {
      row.next();
      boolean isAny = row.getBoolean(1);
      Thread.sleep(isAny ? LOOK : Duration.ZERO);
      return isAny;
    }
  }

  private int delivered(int round) throws SQLException, InterruptedException {
    try (PreparedStatement statement = ofRound("select count(*)", round);
        ResultSet row = statement.executeQuery()) {
      row.next();
      Thread.sleep(LATER);
      return row.getInt(1);
    }
  }

  private Settled settled(int round) throws SQLException {
    try (PreparedStatement statement =
            ofRound(
                """
                select count(*), min((requests -> 0 ->> 'at')::timestamptz), max(changed_at),
                  sum(jsonb_array_length(requests)), sum((requests -> 0 ->> 'ms')::bigint)\
                """,
                round);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new Settled(
          row.getInt(1),
          row.getObject(2, Timestamp.class).toInstant(),
          row.getObject(3, Timestamp.class).toInstant(),
          row.getInt(4),
          row.getLong(5));
    }
  }

  private PreparedStatement ofRound(String what, int round) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(what + OF_A_ROUND);
    statement.setArray(1, connection.createArrayOf("uuid", repositories));
    statement.setString(2, Build.commits(round));
    statement.setString(3, Build.commits(round + 1));
    return statement;
  }
}
