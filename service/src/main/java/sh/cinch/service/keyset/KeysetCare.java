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

  private final KeysetCheck check;
  private final String secrets;
  private final Vault vault;
  private final List<Part> parts;
  private volatile KeysetStatus measured;
  private volatile Fit fit;
  private KeyId primary;
  private int turns;

  /** A table of those that are cared for. */
  private record Part(Ciphertexts<?> ciphertexts, Reencryption<?> reencryption) {

    static <R extends Record> Part of(
        ServiceContext context, EncryptedTable<R> table, Vault vault) {
      return new Part(
          new Ciphertexts<>(context.database(), table),
          new Reencryption<>(context.database(), table, vault, context.metrics(), ROWS_A_TURN));
    }
  }

  private KeysetCare(
      ServiceContext context,
      List<? extends EncryptedTable<?>> tables,
      KeysetCheck check,
      Vault vault,
      Fit fit) {
    this.check = check;
    this.secrets = tables.getFirst().secrets();
    this.vault = vault;
    this.fit = fit;
    this.primary = vault.primary();
    this.parts = tables.stream().map(table -> Part.of(context, table, vault)).toList();
    this.measured =
        new KeysetStatus(vault.primary(), List.copyOf(vault.keys()), 0, 0, 0, vault.refused());
    gauge(context.metrics(), "sealed", KeysetStatus::sealed);
    gauge(context.metrics(), "remaining", KeysetStatus::remaining);
    gauge(context.metrics(), "unreadable", KeysetStatus::unreadable);
  }

  /**
   * Changes nothing, anywhere. Where PostgreSQL is away, the comparison is made once it answers.
   *
   * @param tables that of what the service cannot do without first: it is named to people
   * @throws ConfigurationException where the keyset does not fit the database
   */
  public static KeysetCare of(
      ServiceContext context, List<? extends EncryptedTable<?>> tables, Vault given) {
    KeysetCheck check = new KeysetCheck(context.database(), tables);
    Vault vault = given.guardedBy(check::objection);
    KeysetCare care = new KeysetCare(context, tables, check, vault, check.requireNoMisfit(vault));
    if (!care.fits()) {
      log.warn("no {} are served: {}", care.secrets, care.fit.why());
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
    boolean more = false;
    for (Part part : parts) {
      more |= part.reencryption().run();
    }
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
    long lasting = 0;
    long unreadable = 0;
    long others = 0;
    for (Part part : parts) {
      Ciphertexts.Count count = part.ciphertexts().count(vault.lasting());
      lasting += count.lasting();
      others += count.others();
      unreadable += Math.min(part.reencryption().unreadable(), count.others());
    }
    KeysetStatus status =
        new KeysetStatus(
            vault.primary(),
            List.copyOf(vault.keys()),
            lasting,
            others - unreadable,
            unreadable,
            vault.refused());
    measured = status;
    return status;
  }

  private void gauge(MeterRegistry metrics, String state, ToDoubleFunction<KeysetStatus> value) {
    Gauge.builder("cinch.keyset.secrets", this, care -> value.applyAsDouble(care.measured))
        .tag("state", state)
        .register(metrics);
  }
}
