package sh.cinch.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What a client sees of a database. */
record Sql(Database database) {

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(database.url(), database.user(), database.password());
  }

  void run(String statement) throws SQLException {
    try (Connection connection = connect();
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  /** The first column of the first row. */
  String ask(String query) throws SQLException {
    try (Connection connection = connect();
        Statement sql = connection.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      if (!rows.next()) {
        throw new SQLException("No row for " + query);
      }
      return rows.getString(1);
    }
  }

  boolean hasTable(String name) throws SQLException {
    return ask("select to_regclass('" + name + "') is not null").equals("t");
  }
}
