package sh.cinch.benchmark.statuses;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What PostgreSQL was asked, as it counts that itself. */
final class Statements {

  private static final String COMMITS =
      "select xact_commit from pg_stat_database where datname = current_database()";

  private final Connection connection;
  private long forgotten;

  /**
   * One, whatever its parameters.
   *
   * @param rows of all calls
   * @param ms of all calls, in PostgreSQL
   */
  record Counted(String text, long calls, long rows, double ms) {

    /** Of statuses that are due. */
    boolean isClaim() {
      return text.contains("skip locked");
    }
  }

  /**
   * Since it was told to forget.
   *
   * @param commits of transactions
   * @param syncs of its log to the disk
   * @param logBytes written to that
   * @param statements those that took longest first
   */
  record Asked(long commits, long syncs, long logBytes, List<Counted> statements) {}

  /**
   * @param connection whose own statements are not counted from now on
   */
  Statements(Connection connection) throws SQLException {
    this.connection = connection;
    run("create extension if not exists pg_stat_statements");
    run("set pg_stat_statements.track = 'none'");
  }

  void forget() throws SQLException {
    run("select pg_stat_statements_reset(), pg_stat_reset_shared('wal')");
    // Reset with the rest of the database's, its tables would not be vacuumed when they should.
    forgotten = number(COMMITS);
  }

  Asked asked() throws SQLException {
    return new Asked(
        number(COMMITS) - forgotten,
        number("select wal_sync from pg_stat_wal"),
        number("select wal_bytes from pg_stat_wal"),
        counted());
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private List<Counted> counted() throws SQLException {
    List<Counted> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select query, calls, rows, total_exec_time from pg_stat_statements
                order by total_exec_time desc\
                """)) {
      while (row.next()) {
        all.add(new Counted(row.getString(1), row.getLong(2), row.getLong(3), row.getDouble(4)));
      }
    }
    return all;
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
