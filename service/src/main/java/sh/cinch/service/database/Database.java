package sh.cinch.service.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;

/** The pool and its transactions. Every call blocks: never on an event loop. */
public final class Database implements Checked, AutoCloseable {

  private static final int CONNECTIONS = 8;
  private static final int WAIT_FOR_ONE_MS = 5_000;

  private final HikariDataSource pool;
  private final DSLContext sql;

  private Database(HikariDataSource pool) {
    this.pool = pool;
    this.sql = DSL.using(new DefaultConfiguration().set(pool).set(SQLDialect.POSTGRES));
  }

  /** Opens the pool and brings the tables up to date, under Flyway's lock. */
  public static Database open(DatabaseSettings settings) {
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
    HikariDataSource pool = new HikariDataSource(config);
    Flyway.configure().dataSource(pool).load().migrate();
    return new Database(pool);
  }

  /** For single statements: each commits by itself. */
  public DSLContext sql() {
    return sql;
  }

  public <T> T transaction(Function<DSLContext, T> work) {
    return sql.transactionResult(configuration -> work.apply(configuration.dsl()));
  }

  public void write(Consumer<DSLContext> work) {
    sql.transaction(configuration -> work.accept(configuration.dsl()));
  }

  @Override
  public Check check() {
    try {
      sql.selectOne().fetch();
      return new Check.Well();
    } catch (DataAccessException e) {
      return new Check.Unwell("PostgreSQL does not answer");
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
