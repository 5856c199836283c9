package sh.cinch.benchmark.refresh;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ThreadLocalRandom;
import sh.cinch.embedded.Database;

/**
 * What a refresh must do in PostgreSQL, in plain JDBC on a row as wide as a credential's. Nobody
 * else uses its connection, so that nothing but the statements is measured.
 */
final class BareStatements implements AutoCloseable {

  /** About what two sealed tokens come to. */
  private static final int SECRETS = 2600;

  private final Connection connection;
  private final PreparedStatement look;
  private final PreparedStatement claim;
  private final PreparedStatement lock;
  private final PreparedStatement store;
  private final PreparedStatement tell;

  private BareStatements(Connection connection) throws SQLException {
    this.connection = connection;
    this.look = connection.prepareStatement("select * from benchmark_row where id = 1");
    this.claim =
        connection.prepareStatement(
            "update benchmark_row set version = version + 1, claimed_until = now() where id = 1");
    this.lock = connection.prepareStatement("select * from benchmark_row where id = 1 for update");
    this.store =
        connection.prepareStatement(
            "update benchmark_row set version = version + 1, claimed_until = null, secrets = ?"
                + " where id = 1");
    this.tell = connection.prepareStatement("select pg_notify('benchmark', '1')");
  }

  static BareStatements on(Database database) throws SQLException {
    Connection connection =
        DriverManager.getConnection(database.url(), database.user(), database.password());
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "create table benchmark_row (id int primary key, version bigint not null,"
              + " claimed_until timestamptz, secrets bytea)");
      statement.execute("insert into benchmark_row (id, version) values (1, 1)");
      statement.execute("listen benchmark");
    }
    return new BareStatements(connection);
  }

  void look() throws SQLException {
    look.executeQuery().close();
  }

  /** An update that commits by itself: the least that anything persistent costs. */
  void claim() throws SQLException {
    claim.executeUpdate();
  }

  void store() throws SQLException {
    store(false);
  }

  void storeAndTell() throws SQLException {
    store(true);
  }

  private void store(boolean telling) throws SQLException {
    byte[] secrets = new byte[SECRETS];
    ThreadLocalRandom.current().nextBytes(secrets);
    connection.setAutoCommit(false);
    lock.executeQuery().close();
    store.setBytes(1, secrets);
    store.executeUpdate();
    if (telling) {
      tell.executeQuery().close();
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
