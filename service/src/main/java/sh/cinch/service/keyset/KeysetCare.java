package sh.cinch.service.keyset;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Supplier;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.due.Loop;
import sh.cinch.service.due.Step;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.health.Health;
import sh.cinch.service.http.Problem;
import sh.cinch.service.keyset.KeysetCheck.Fit;
import sh.cinch.service.secret.KeyId;
import sh.cinch.service.secret.Vault;

/**
 * All that a service does about its keyset: it is ready once the keyset is known to fit the
 * database, takes another one while it runs, and moves every secret to the primary key.
 */
public final class KeysetCare implements Checked {

  private static final Logger log = LoggerFactory.getLogger(KeysetCare.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_REENCRYPTIONS = Duration.ofSeconds(30);
  private static final int ROWS_A_TURN = 50;
  private static final int TURNS_A_COUNT = 20;

  private final KeysetCheck<?> check;
  private final String secrets;
  private final Vault vault;
  private final Reencryption<?> reencryption;
  private final KeysetReport report;
  private volatile Fit fit;
  private KeyId primary;
  private int turns;

  private <R extends Record> KeysetCare(
      ServiceContext context, EncryptedTable<R> table, KeysetCheck<R> check, Vault vault, Fit fit) {
    this.check = check;
    this.secrets = table.secrets();
    this.vault = vault;
    this.fit = fit;
    this.primary = vault.primary();
    this.reencryption =
        new Reencryption<>(context.database(), table, vault, context.metrics(), ROWS_A_TURN);
    this.report =
        new KeysetReport(
            new Ciphertexts<>(context.database(), table), vault, reencryption, context.metrics());
  }

  /**
   * Changes nothing, anywhere. Where PostgreSQL is away, the comparison is made once it answers.
   *
   * @throws ConfigurationException where the keyset does not fit the database
   */
  public static <R extends Record> KeysetCare of(
      ServiceContext context, EncryptedTable<R> table, Vault given) {
    KeysetCheck<R> check = new KeysetCheck<>(context.database(), table);
    Vault vault = given.guardedBy(check::objection);
    KeysetCare care = new KeysetCare(context, table, check, vault, check.requireNoMisfit(vault));
    if (care.fit instanceof Fit.Unknown(String why)) {
      log.warn("no {} are served: {}", table.secrets(), why);
    }
    return care;
  }

  /** What the service is to use in place of the one that it was given. */
  public Vault vault() {
    return vault;
  }

  public boolean fits() {
    return fit instanceof Fit.Fits;
  }

  /** The same step, doing nothing until the keyset is known to fit. */
  public Step onceItFits(Step step) {
    return () -> fits() && step.run();
  }

  /** For the management port; counts anew for each who asks. */
  public Supplier<JsonObject> report() {
    return () -> {
      if (check() instanceof Check.Unwell(String why)) {
        throw new Problem(503, "Not now", why);
      }
      try {
        return report.measure().json();
      } catch (DataAccessException e) {
        throw new Problem(503, "Not now", "PostgreSQL does not answer.");
      }
    };
  }

  public void start(Running running, Health health) {
    Loop reencryptions =
        running.with(
            Loop.start("reencryption", onceItFits(this::reencrypt), BETWEEN_REENCRYPTIONS));
    Loop looks = running.with(Loop.start("keyset-watch", () -> look(reencryptions), BETWEEN_LOOKS));
    health.with("keyset", this).with("keyset-watch", looks).with("reencryption", reencryptions);
  }

  @Override
  public Check check() {
    return switch (fit) {
      case Fit.Fits() -> new Check.Well();
      case Fit.Unknown(String why) -> new Check.Unwell(why);
      case Fit.Misfit(String why) -> new Check.Unwell(why);
    };
  }

  private boolean reencrypt() {
    // Counting reads every row: not after each turn of a long way.
    if (turns++ % TURNS_A_COUNT == 0) {
      Object unused = report.measure();
    }
    boolean more = reencryption.run();
    if (!more) {
      Object unused = report.measure();
      turns = 0;
    }
    return more;
  }

  private boolean look(Loop reencryptions) {
    boolean unused = vault.look();
    boolean fitted = fits();
    if (!fitted) {
      compare();
    }
    // Somebody may have made the vault look before us.
    KeyId before = primary;
    primary = vault.primary();
    if (!primary.equals(before) || fits() != fitted) {
      reencryptions.wake();
    }
    return false;
  }

  private void compare() {
    Fit before = fit;
    fit = check.fit(vault);
    if (!fit.equals(before)) {
      switch (fit) {
        case Fit.Fits() -> log.info("the keyset fits the database: {} are served", secrets);
        case Fit.Unknown(String why) -> log.warn("no {} are served: {}", secrets, why);
        case Fit.Misfit(String why) -> log.error("no {} are served: {}", secrets, why);
      }
    }
  }
}
