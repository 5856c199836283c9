package sh.cinch.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.cinch.embedded.Database;

/** Every row of every table, as text. */
public final class DatabaseDump {

  private DatabaseDump() {}

  /** The rows of each table, in a fixed order. */
  public static SortedMap<String, List<String>> of(Database database) {
    SortedMap<String, List<String>> rows = new TreeMap<>();
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        Statement statement = connection.createStatement()) {
      for (String table :
          column(
              statement,
              "select quote_ident(table_schema) || '.' || quote_ident(table_name)"
                  + " from information_schema.tables"
                  + " where table_schema not in ('pg_catalog', 'information_schema')")) {
        rows.put(table, column(statement, "select t::text from " + table + " t order by 1"));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return rows;
  }

  private static List<String> column(Statement statement, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
