package sh.cinch.service.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
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
  private volatile boolean migrated;

  private Database(DatabaseSettings settings, HikariDataSource pool) {
    this.settings = settings;
    this.pool = pool;
    this.sql = DSL.using(new DefaultConfiguration().set(pool).set(SQLDialect.POSTGRES));
  }

  /**
   * Opens the pool and brings the tables up to date, under Flyway's lock. Where PostgreSQL is away
   * that happens once it is back: a service that starts meanwhile can still say that it is not
   * ready.
   *
   * @throws org.flywaydb.core.api.FlywayException where the database is there, and not as it should
   *     be
   */
  public static Database open(DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password().reveal());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(WAIT_FOR_ONE_MS);
    config.setPoolName("cinch");
    // A client's machine that is gone is noticed within a minute, and its locks are free.
    config.setConnectionInitSql(
        "set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10;"
            + " set tcp_keepalives_count = 3");
    // Errors name the row's values otherwise, and a value may be a person's.
    config.addDataSourceProperty("logServerErrorDetail", "false");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.setInitializationFailTimeout(-1);
    Database database = new Database(settings, new HikariDataSource(config));
    if (database.answers()) {
      database.migrate();
    } else {
      log.warn("PostgreSQL does not answer; the tables are looked at once it does");
      Thread.ofVirtual().name("migrations").start(database::migrateOnceItAnswers);
    }
    return database;
  }

  private void migrate() {
    Flyway.configure().dataSource(pool).load().migrate();
    migrated = true;
  }

  private void migrateOnceItAnswers() {
    try {
      while (!pool.isClosed() && !answers()) {
        Thread.sleep(BETWEEN_TRIES);
      }
      if (!pool.isClosed()) {
        migrate();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (FlywayException e) {
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

  /**
   * Runs work that waits for others than PostgreSQL, by one instance at a time and outside any
   * transaction. The lock belongs to the session: a holder that is killed loses it, one that is
   * merely slow or paused keeps it. Each statement of the work commits by itself, and fails where
   * the session is gone.
   *
   * @return empty where another holds the lock
   */
  public <T> Optional<T> exclusively(String lock, Function<DSLContext, T> work) {
    try (Connection connection = pool.getConnection()) {
      DSLContext session = DSL.using(connection, SQLDialect.POSTGRES);
      if (!advisory(session, "pg_try_advisory_lock", lock)) {
        return Optional.empty();
      }
      try {
        return Optional.of(work.apply(session));
      } finally {
        unlock(connection, session, lock);
      }
    } catch (SQLException e) {
      throw new DataAccessException("PostgreSQL cannot be reached", e);
    }
  }

  private void unlock(Connection connection, DSLContext session, String lock) {
    try {
      if (advisory(session, "pg_advisory_unlock", lock)) {
        return;
      }
    } catch (DataAccessException e) {
      log.debug("the session of lock={} is gone", lock, e);
    }
    // Back in the pool it could keep the lock for as long as the service runs.
    pool.evictConnection(connection);
  }

  private static boolean advisory(DSLContext session, String function, String lock) {
    return session
        .select(DSL.field(function + "(hashtextextended({0}, 0))", Boolean.class, DSL.val(lock)))
        .fetchSingle()
        .value1();
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
