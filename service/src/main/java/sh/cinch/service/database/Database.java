package sh.cinch.service.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jooq.DSLContext;
import org.jooq.ExecuteListener;
import org.jooq.SQLDialect;
import org.jooq.TableRecord;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.text.OneLine;

/**
 * The pool and its transactions. Every call blocks: never on an event loop. Whether PostgreSQL is
 * away is known and said here, once when it goes and once when it is back; callers that try again
 * say nothing about a failure that {@link #isAway} explains.
 */
public final class Database implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Database.class);
  private static final int CONNECTIONS = 8;

  /** Each costs PostgreSQL some ten megabytes, and most services rest most of the time. */
  private static final int KEPT_IDLE = 2;

  private static final int WAIT_FOR_ONE_MS = 3_000;

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  private final DatabaseSettings settings;
  private final HikariDataSource pool;
  private final DSLContext sql;
  private final Consumer<Database> beforeMigrations;
  private final AtomicBoolean away = new AtomicBoolean();
  private volatile boolean migrated;

  private Database(
      DatabaseSettings settings, HikariDataSource pool, Consumer<Database> beforeMigrations) {
    this.settings = settings;
    this.pool = pool;
    this.beforeMigrations = beforeMigrations;
    this.sql =
        DSL.using(
            new DefaultConfiguration()
                .set(pool)
                .set(SQLDialect.POSTGRES)
                .set(ExecuteListener.onException(failed -> noteFailure(failed.exception()))));
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
   * @throws ConfigurationException where PostgreSQL answers, and refuses these settings
   * @throws FlywayException where the database is there, and not as it should be
   */
  public static Database open(DatabaseSettings settings, Consumer<Database> beforeMigrations) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password().reveal());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(KEPT_IDLE);
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
    Database database = new Database(settings, new HikariDataSource(config), beforeMigrations);
    try {
      database.begin();
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private void begin() {
    try (Connection first = connect()) {
      migrate();
    } catch (SQLException e) {
      settings
          .refusal(e)
          .ifPresent(
              problem -> {
                throw new ConfigurationException(List.of(problem));
              });
      awaitReturn();
    }
  }

  private void migrate() {
    beforeMigrations.accept(this);
    Flyway.configure().dataSource(pool).load().migrate();
    migrated = true;
  }

  /**
   * Whether a call failed because PostgreSQL is away: that is said here, and will pass. States of
   * class 08 are of the connection, 57P0 of a server that stops, crashed or starts; the pool's
   * time-out has a cause where connecting failed, and none where all connections are in use.
   */
  public static boolean isAway(@Nullable Throwable failure) {
    if (failure instanceof SQLException e) {
      String state = Objects.requireNonNullElse(e.getSQLState(), "");
      boolean ofPool = e instanceof SQLTransientConnectionException && e.getCause() != null;
      if (ofPool || state.startsWith("08") || state.startsWith("57P0")) {
        return true;
      }
    }
    return failure != null && isAway(failure.getCause());
  }

  private void noteFailure(@Nullable Throwable failure) {
    if (isAway(failure)) {
      awaitReturn();
    }
  }

  private void awaitReturn() {
    if (!pool.isClosed() && away.compareAndSet(false, true)) {
      Thread.ofVirtual().name("postgresql-watch").start(this::watch);
    }
  }

  /** Says that PostgreSQL is away, if it is, and once it answers again that it is back. */
  private void watch() {
    long since = System.nanoTime();
    boolean said = false;
    boolean refused = false;
    try {
      for (SQLException e = failure(); e != null; e = failure()) {
        if (!said) {
          log.warn(
              "PostgreSQL is away, waiting for it: {}", OneLine.of(String.valueOf(e.getMessage())));
        }
        said = true;
        Optional<String> refusal = settings.refusal(e);
        if (refusal.isPresent() && !refused) {
          log.error(refusal.get());
          refused = true;
        }
        Thread.sleep(BETWEEN_TRIES);
      }
      away.set(false);
      if (said && !pool.isClosed()) {
        log.info("PostgreSQL is back after {} s", (System.nanoTime() - since) / 1_000_000_000);
      }
      migrateOnceNobodyObjects();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (FlywayException | DataAccessException e) {
      log.error("the tables cannot be brought up to date", e);
    }
  }

  /** What is wrong may be put right while we run. */
  private void migrateOnceNobodyObjects() throws InterruptedException {
    String said = "";
    while (!migrated && !pool.isClosed()) {
      try {
        migrate();
      } catch (ConfigurationException e) {
        if (!said.equals(e.getMessage())) {
          said = String.valueOf(e.getMessage());
          log.error("the tables stay as they are: {}", said);
        }
        Thread.sleep(BETWEEN_TRIES);
      }
    }
  }

  /** Why no connection can be had now; null where one can, or none is wanted any more. */
  private @Nullable SQLException failure() {
    try (Connection connection = pool.isClosed() ? null : connect()) {
      return null;
    } catch (SQLException e) {
      return e;
    }
  }

  /** A connection outside the pool, for a caller that keeps it and closes it. */
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
    Afterwards afterwards = new Afterwards();
    boolean isCommitted = false;
    try {
      T result =
          connected(
              (connection, session) ->
                  session.transactionResult(
                      transaction -> {
                        LastInserts last = LastInserts.begin(transaction);
                        afterwards.begin(transaction);
                        T done = work.apply(transaction.dsl());
                        last.write(transaction.dsl());
                        return done;
                      }));
      isCommitted = true;
      return result;
    } finally {
      afterwards.ended(isCommitted);
    }
  }

  /**
   * @param sql as a transaction's work has it
   * @param end told once, after the connection is free again; must not throw
   * @throws IllegalStateException outside of a transaction
   */
  public static void afterwards(DSLContext sql, TransactionEnd end) {
    Afterwards.of(sql)
        .orElseThrow(() -> new IllegalStateException("there is no transaction"))
        .add(end);
  }

  /**
   * Inserts a row at the end of the transaction, with others of its kind; at once outside of one.
   *
   * @param sql as a transaction's work has it, which must not look for the row
   */
  public static void insertLast(DSLContext sql, TableRecord<?> row) {
    LastInserts.of(sql)
        .ifPresentOrElse(last -> last.add(row), () -> RowBatch.insert(sql, List.of(row)));
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
    return connected(
        (connection, session) -> {
          if (!advisory(session, "pg_try_advisory_lock", lock)) {
            return Optional.empty();
          }
          try {
            return Optional.of(work.apply(session));
          } finally {
            unlock(connection, session, lock);
          }
        });
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

  private <T> T connected(BiFunction<Connection, DSLContext, T> work) {
    // Taken here: jOOQ would wait for one again and again, to roll back what never began.
    try (Connection connection = pool.getConnection()) {
      return work.apply(connection, DSL.using(sql.configuration().derive(connection)));
    } catch (SQLException e) {
      noteFailure(e);
      throw new DataAccessException("PostgreSQL cannot be reached", e);
    } catch (DataAccessException e) {
      noteFailure(e);
      throw e;
    }
  }

  @Override
  public Check check() {
    try {
      sql.selectOne().fetch();
    } catch (DataAccessException e) {
      return new Check.Unwell("PostgreSQL does not answer");
    }
    return migrated ? new Check.Well() : new Check.Unwell("the tables are not up to date");
  }

  @Override
  public void close() {
    pool.close();
  }
}
