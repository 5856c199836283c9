package sh.cinch.testkit;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.Database;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.embedded.Postgres;

/** A broker and a PostgreSQL: those of this JVM, which end with it, or a test's own. */
public final class TestServers implements AutoCloseable {

  private static final class Shared {
    private static final TestServers SERVERS = start();
  }

  private final Broker broker;
  private final Postgres postgres;
  private final AtomicInteger databases = new AtomicInteger();
  private @Nullable String template;

  private TestServers() {
    CompletableFuture<Postgres> starting = CompletableFuture.supplyAsync(Postgres::temporary);
    broker = Broker.temporary();
    postgres = starting.join();
  }

  public static TestServers shared() {
    return Shared.SERVERS;
  }

  public static TestServers start() {
    return new TestServers();
  }

  public KafkaAccess kafka() {
    return broker.access();
  }

  /** The one that is there from the beginning. */
  public Database database() {
    return postgres.database();
  }

  /** One of a test's own, with every table and no row: a copy, which is quicker than migrating. */
  public Database freshDatabase() {
    return create(" template " + migrated());
  }

  /** One of a test's own without tables. */
  public Database emptyDatabase() {
    return create("");
  }

  private synchronized String migrated() {
    if (template == null) {
      Database first = emptyDatabase();
      Flyway.configure().dataSource(first.url(), first.user(), first.password()).load().migrate();
      template = first.url().substring(first.url().lastIndexOf('/') + 1);
    }
    return template;
  }

  private Database create(String like) {
    Database server = postgres.database();
    String name = "test_" + databases.incrementAndGet();
    try (Connection connection =
            DriverManager.getConnection(server.url(), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name + like);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new Database(
        server.url().replaceFirst("/[^/]+$", "/" + name), server.user(), server.password());
  }

  public int postgresPort() {
    return URI.create(database().url().substring("jdbc:".length())).getPort();
  }

  @Override
  public void close() {
    broker.close();
    postgres.close();
  }
}
