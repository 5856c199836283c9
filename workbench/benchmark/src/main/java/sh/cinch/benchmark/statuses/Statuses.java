package sh.cinch.benchmark.statuses;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import sh.cinch.schema.event.Repository;

/** What the status-worker has written down of statuses. */
final class Statuses {

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private static final String SETTLED =
      """
       from awaited join status_worker.status using (repository_id, commit_hash)
       where progress = 'delivered' and due_at is null\
      """;

  private final Connection connection;

  /**
   * Builds whose statuses are on the forge.
   *
   * @param first when the first request began
   * @param last when the last row was settled
   * @param requests that were made
   * @param requestMs that they took together
   */
  record Settled(int count, Instant first, Instant last, int requests, long requestMs) {

    double seconds() {
      return Duration.between(first, last).toNanos() / 1e9;
    }
  }

  Statuses(Connection connection) throws SQLException {
    this.connection = connection;
    run("create temporary table awaited (repository_id uuid, commit_hash text)");
  }

  /**
   * Returns once all of them are settled.
   *
   * @param alive throws where nobody will settle them any more
   */
  Settled await(List<Build> builds, Runnable alive) throws SQLException, InterruptedException {
    awaited(builds);
    long begin = System.nanoTime();
    int settled = 0;
    while (settled < builds.size()) {
      alive.run();
      Thread.sleep(untilNextLook(System.nanoTime() - begin, settled, builds.size()));
      settled = settled();
    }
    return result();
  }

  /** Looks cost what is measured: when it was over is in the rows. */
  private static Duration untilNextLook(long nanos, int settled, int of) {
    long left = settled == 0 ? 0 : (long) (nanos * (double) (of - settled) / settled);
    return Duration.ofNanos(
        Math.clamp(left * 3 / 4, SHORTEST_PAUSE.toNanos(), LONGEST_PAUSE.toNanos()));
  }

  private void awaited(List<Build> builds) throws SQLException {
    run("truncate awaited");
    try (PreparedStatement statement =
        connection.prepareStatement("insert into awaited select * from unnest(?, ?)")) {
      statement.setArray(
          1,
          connection.createArrayOf(
              "uuid", builds.stream().map(build -> build.repository().id()).toArray()));
      statement.setArray(
          2, connection.createArrayOf("text", builds.stream().map(Build::commit).toArray()));
      statement.executeUpdate();
    }
    run("analyze awaited");
  }

  private int settled() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*)" + SETTLED)) {
      row.next();
      return row.getInt(1);
    }
  }

  private Settled result() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select count(*), min((requests -> 0 ->> 'at')::timestamptz), max(changed_at),
                  sum(jsonb_array_length(requests)), sum((requests -> 0 ->> 'ms')::bigint)\
                """
                    + SETTLED)) {
      row.next();
      return new Settled(
          row.getInt(1),
          row.getObject(2, Timestamp.class).toInstant(),
          row.getObject(3, Timestamp.class).toInstant(),
          row.getInt(4),
          row.getLong(5));
    }
  }

  /**
   * Fills the tables with statuses that were settled over the last month, each like one that was.
   */
  void remember(int count, List<Repository> repositories) throws SQLException {
    remember(
        count,
        repositories,
        "build_report",
        """
        'event_id', 'remembered-' || i, 'number', i::text, 'record_offset', -i,
        'occurred_at', at, 'recorded_at', at\
        """);
    remember(
        count,
        repositories,
        "status",
        "'event_id', 'remembered-' || i, 'wanted_since', at, 'shown_at', at, 'changed_at', at");
    run("vacuum analyze status_worker.build_report");
    run("vacuum analyze status_worker.status");
  }

  private void remember(int count, List<Repository> repositories, String table, String own)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            insert into status_worker.%1$s
            select made.*
            from (select one as row from status_worker.%1$s one
                join awaited using (repository_id, commit_hash) limit 1) template,
              generate_series(1, ?) i,
              lateral (select now() - interval '30 days' * i / ? as at) since,
              lateral jsonb_populate_record(template.row, jsonb_build_object(
                'repository_id', (?::uuid[])[1 + i %% ?],
                'commit_hash', left(md5(i::text) || md5('#' || i), 40), %2$s)) made\
            """
                .formatted(table, own))) {
      statement.setInt(1, count);
      statement.setInt(2, count);
      UUID[] ids = repositories.stream().map(Repository::id).toArray(UUID[]::new);
      statement.setArray(3, connection.createArrayOf("uuid", ids));
      statement.setInt(4, ids.length);
      statement.executeUpdate();
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
