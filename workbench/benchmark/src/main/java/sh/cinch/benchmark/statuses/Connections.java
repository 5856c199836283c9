package sh.cinch.benchmark.statuses;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the services' connections to PostgreSQL are doing: looked at again and again. */
final class Connections implements AutoCloseable {

  private static final Duration BETWEEN = Duration.ofMillis(50);

  private final Connection connection;
  private final Thread thread = Thread.ofPlatform().name("connections").unstarted(this::look);
  private final Map<String, Integer> found = new TreeMap<>();
  private int looks;
  private volatile boolean open = true;
  private volatile boolean looking;

  private Connections(Connection connection) {
    this.connection = connection;
  }

  /**
   * @param connection for nothing else
   */
  static Connections watch(Connection connection) {
    Connections connections = new Connections(connection);
    connections.thread.start();
    return connections;
  }

  /** Whether it is to look. */
  void looking(boolean now) {
    looking = now;
  }

  private void look() {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select case
                when state = 'active' then coalesce('waits for ' || wait_event, 'runs')
                else state end, count(*)
            from pg_stat_activity
            where backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle'
            group by 1\
            """)) {
      while (open) {
        if (looking) {
          look(statement);
        }
        Thread.sleep(BETWEEN);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL does not say what it does", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void look(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      looks++;
      while (row.next()) {
        found.merge(row.getString(1), row.getInt(2), Integer::sum);
      }
    }
  }

  synchronized void forget() {
    found.clear();
    looks = 0;
  }

  /** How many did what since it was told to forget, on average. */
  synchronized Map<String, Double> average() {
    return found.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                each -> each.getValue() / (double) looks,
                Double::sum,
                TreeMap::new));
  }

  @Override
  public void close() throws SQLException {
    open = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }
}
