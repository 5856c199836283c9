package sh.cinch.tokenservice.keyset;

import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Supplier;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.due.Loop;
import sh.cinch.service.due.Step;
import sh.cinch.service.health.Health;
import sh.cinch.service.secret.Vault;

/**
 * All that a service does about its keyset: it serves nothing before the keyset is known to fit the
 * database, takes another one while it runs, and moves every secret to the primary key.
 */
public final class KeysetCare {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_REENCRYPTIONS = Duration.ofSeconds(30);
  private static final int ROWS_A_TURN = 50;
  private static final int TURNS_A_COUNT = 20;

  private final Vault vault;
  private final KeysetWatch watch;
  private final Reencryption reencryption;
  private final KeysetReport report;
  private int turns;

  private KeysetCare(ServiceContext context, Vault vault, KeysetWatch watch) {
    this.vault = vault;
    this.watch = watch;
    this.reencryption = new Reencryption(context.database(), vault, context.metrics(), ROWS_A_TURN);
    this.report =
        new KeysetReport(context.database(), vault, watch, reencryption, context.metrics());
  }

  /**
   * Changes nothing, anywhere. Where PostgreSQL is away, the comparison is made once it answers.
   *
   * @throws ConfigurationException where the keyset does not fit the database
   */
  public static KeysetCare of(ServiceContext context, Vault given) {
    KeysetCheck check = new KeysetCheck(context.database());
    Vault vault = given.guardedBy(check::objection);
    KeysetWatch watch = new KeysetWatch(check, vault);
    watch.start();
    return new KeysetCare(context, vault, watch);
  }

  /** What the service is to use in place of the one that it was given. */
  public Vault vault() {
    return vault;
  }

  /** The same step, doing nothing until the keyset is known to fit. */
  public Step onceItFits(Step step) {
    return () -> watch.fits() && step.run();
  }

  /** Lets requests through once the keyset is known to fit. */
  public Handler<RoutingContext> gate() {
    return watch;
  }

  public Supplier<JsonObject> report() {
    return report;
  }

  public void start(Running running, Health health) {
    Loop reencryptions =
        running.with(
            Loop.start("reencryption", onceItFits(this::reencrypt), BETWEEN_REENCRYPTIONS));
    Loop looks = running.with(Loop.start("keyset-watch", () -> look(reencryptions), BETWEEN_LOOKS));
    health.with("keyset", watch).with("keyset-watch", looks).with("reencryption", reencryptions);
  }

  private boolean reencrypt() {
    // Counting reads every row: not after each turn of a long way.
    if (turns++ % TURNS_A_COUNT == 0) {
      report.measure();
    }
    boolean more = reencryption.run();
    if (!more) {
      report.measure();
      turns = 0;
    }
    return more;
  }

  private boolean look(Loop reencryptions) {
    if (watch.look()) {
      reencryptions.wake();
    }
    return false;
  }
}
