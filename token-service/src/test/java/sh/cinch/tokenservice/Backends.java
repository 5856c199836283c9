package sh.cinch.tokenservice;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.Database;
import sh.cinch.embedded.Postgres;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.secret.Secret;

/** One broker and one PostgreSQL for all tests of this JVM; a database of its own for each. */
public final class Backends {

  private static final Broker BROKER = Broker.temporary();
  private static final Postgres POSTGRES = Postgres.temporary();
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private Backends() {}

  public static KafkaSettings kafka() {
    return new KafkaSettings(BROKER.bootstrapServers(), Optional.empty());
  }

  static int postgresPort() {
    return URI.create(POSTGRES.database().url().substring("jdbc:".length())).getPort();
  }

  public static DatabaseSettings freshDatabase() {
    Database server = POSTGRES.database();
    String name = "test_" + DATABASES.incrementAndGet();
    try (Connection connection =
            DriverManager.getConnection(server.url(), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    String url = server.url().replaceFirst("/[^/]+$", "/" + name);
    // It asks for none.
    return new DatabaseSettings(url, server.user(), Secret.of("none"));
  }
}
