package sh.cinch.service.keyset;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.due.Loop;
import sh.cinch.service.due.Step;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
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
  private final Ciphertexts<?> ciphertexts;
  private volatile KeysetStatus measured;
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
    this.ciphertexts = new Ciphertexts<>(context.database(), table);
    this.measured = status(new Ciphertexts.Count(0, 0));
    gauge(context.metrics(), "sealed", KeysetStatus::sealed);
    gauge(context.metrics(), "remaining", KeysetStatus::remaining);
    gauge(context.metrics(), "unreadable", KeysetStatus::unreadable);
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
    if (!care.fits()) {
      log.warn("no {} are served: {}", table.secrets(), care.fit.why());
    }
    return care;
  }

  /** What the service is to use in place of the one that it was given. */
  public Vault vault() {
    return vault;
  }

  public boolean fits() {
    return fit.answer() == Fit.Answer.FITS;
  }

  /** The same step, doing nothing until the keyset is known to fit. */
  public Step onceItFits(Step step) {
    return () -> fits() && step.run();
  }

  /** Starts what it does by itself, and answers {@code /keyset} on the management port. */
  public void start(RunningService service) {
    service.health().with("keyset", this);
    service.report("/keyset", this::report);
    Loop reencryptions =
        service.loop("reencryption", onceItFits(this::reencrypt), BETWEEN_REENCRYPTIONS);
    service.loop("keyset-watch", () -> look(reencryptions), BETWEEN_LOOKS);
  }

  @Override
  public Check check() {
    return fits() ? new Check.Well() : new Check.Unwell(fit.why());
  }

  /** Counts anew for each who asks. */
  public JsonObject report() {
    if (!fits()) {
      throw new Problem(503, "Not now", fit.why());
    }
    try {
      return measure().json();
    } catch (DataAccessException e) {
      throw new Problem(503, "Not now", "PostgreSQL does not answer.");
    }
  }

  private boolean reencrypt() {
    // Counting reads every row: not after each turn of a long way.
    if (turns++ % TURNS_A_COUNT == 0) {
      KeysetStatus unused = measure();
    }
    boolean more = reencryption.run();
    if (!more) {
      KeysetStatus unused = measure();
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
      switch (fit.answer()) {
        case FITS -> log.info("the keyset fits the database: {} are served", secrets);
        case UNKNOWN -> log.warn("no {} are served: {}", secrets, fit.why());
        case MISFIT -> log.error("no {} are served: {}", secrets, fit.why());
      }
    }
  }

  /** Counts; also for the metrics, which must not wait for the database. */
  private KeysetStatus measure() {
    KeysetStatus status = status(ciphertexts.count(vault.lasting()));
    measured = status;
    return status;
  }

  private KeysetStatus status(Ciphertexts.Count count) {
    long unreadable = Math.min(reencryption.unreadable(), count.others());
    return new KeysetStatus(
        vault.primary(),
        List.copyOf(vault.keys()),
        count.lasting(),
        count.others() - unreadable,
        unreadable,
        vault.refused());
  }

  private void gauge(MeterRegistry metrics, String state, ToDoubleFunction<KeysetStatus> value) {
    Gauge.builder("cinch.keyset.secrets", this, care -> value.applyAsDouble(care.measured))
        .tag("state", state)
        .register(metrics);
  }
}
