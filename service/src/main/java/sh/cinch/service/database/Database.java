package sh.cinch.service.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;

/** The pool and its transactions. Every call blocks: never on an event loop. */
public final class Database implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Database.class);
  private static final int CONNECTIONS = 8;
  private static final int WAIT_FOR_ONE_MS = 3_000;

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  private final DatabaseSettings settings;
  private final HikariDataSource pool;
  private final DSLContext sql;
  private final Consumer<Database> beforeMigrations;
  private volatile boolean migrated;

  private Database(
      DatabaseSettings settings, HikariDataSource pool, Consumer<Database> beforeMigrations) {
    this.settings = settings;
    this.pool = pool;
    this.beforeMigrations = beforeMigrations;
    this.sql = DSL.using(new DefaultConfiguration().set(pool).set(SQLDialect.POSTGRES));
  }

  public static Database open(DatabaseSettings settings) {
    return open(settings, database -> {});
  }

  /**
   * Opens the pool and brings the tables up to date, under Flyway's lock. Where PostgreSQL is away
   * that happens once it is back: a service that starts meanwhile can still say that it is not
   * ready.
   *
   * @param beforeMigrations looks at the tables as they are; where it throws a {@link
   *     ConfigurationException} they stay so
   * @throws org.flywaydb.core.api.FlywayException where the database is there, and not as it should
   *     be
   */
  public static Database open(DatabaseSettings settings, Consumer<Database> beforeMigrations) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password().reveal());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(WAIT_FOR_ONE_MS);
    config.setPoolName("cinch");
    // Errors name the row's values otherwise, and a value may be a person's.
    config.addDataSourceProperty("logServerErrorDetail", "false");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.setInitializationFailTimeout(-1);
    Database database = new Database(settings, new HikariDataSource(config), beforeMigrations);
    if (database.answers()) {
      try {
        database.migrate();
      } catch (ConfigurationException e) {
        database.close();
        throw e;
      }
    } else {
      log.warn("PostgreSQL does not answer; the tables are looked at once it does");
      Thread.ofVirtual().name("migrations").start(database::migrateOnceItAnswers);
    }
    return database;
  }

  private void migrate() {
    beforeMigrations.accept(this);
    Flyway.configure().dataSource(pool).load().migrate();
    migrated = true;
  }

  private void migrateOnceItAnswers() {
    try {
      String said = "";
      while (!pool.isClosed() && !migrated) {
        Thread.sleep(BETWEEN_TRIES);
        try {
          if (answers()) {
            migrate();
          }
        } catch (ConfigurationException e) {
          // What is wrong may be put right while we run.
          if (!said.equals(e.getMessage())) {
            said = String.valueOf(e.getMessage());
            log.error("the tables stay as they are: {}", said);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (FlywayException | DataAccessException e) {
      log.error("the tables cannot be brought up to date", e);
    }
  }

  /** A connection outside the pool, for whoever keeps it; the caller closes it. */
  Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password().reveal());
    properties.setProperty("connectTimeout", "3");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("logServerErrorDetail", "false");
    return DriverManager.getConnection(settings.url(), properties);
  }

  /** For single statements: each commits by itself. */
  public DSLContext sql() {
    return sql;
  }

  public <T> T transaction(Function<DSLContext, T> work) {
    // Taken here: jOOQ would wait for one again and again, to roll back what never began.
    try (Connection connection = pool.getConnection()) {
      return DSL.using(connection, SQLDialect.POSTGRES)
          .transactionResult(configuration -> work.apply(configuration.dsl()));
    } catch (SQLException e) {
      throw new DataAccessException("PostgreSQL cannot be reached", e);
    }
  }

  public void write(Consumer<DSLContext> work) {
    Object unused =
        transaction(
            transaction -> {
              work.accept(transaction);
              return Boolean.TRUE;
            });
  }

  @Override
  public Check check() {
    if (!answers()) {
      return new Check.Unwell("PostgreSQL does not answer");
    }
    return migrated ? new Check.Well() : new Check.Unwell("the tables are not up to date");
  }

  private boolean answers() {
    try {
      sql.selectOne().fetch();
      return true;
    } catch (DataAccessException e) {
      return false;
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
