package sh.cinch.benchmark.statuses;

import java.sql.Connection;
import java.sql.SQLException;
import sh.cinch.benchmark.stand.Stand;

/** What is seen of the status-worker in PostgreSQL. */
record DatabaseView(
    Statuses statuses, Statements statements, Connections connections, Connection connection)
    implements AutoCloseable {

  static DatabaseView of(Stand stand) throws SQLException {
    Connection connection = stand.connect();
    return new DatabaseView(
        new Statuses(connection),
        new Statements(connection),
        Connections.watch(stand.connect()),
        connection);
  }

  @Override
  public void close() throws SQLException {
    connections.close();
    connection.close();
  }
}
