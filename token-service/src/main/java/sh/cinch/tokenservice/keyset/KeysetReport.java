package sh.cinch.tokenservice.keyset;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jooq.exception.DataAccessException;
import sh.cinch.service.database.Database;
import sh.cinch.service.health.Check;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.KeyId;
import sh.cinch.service.secret.Vault;

/** How far all secrets are on their way to the primary key: counted anew for whoever asks. */
final class KeysetReport implements Supplier<JsonObject> {

  /**
   * Ciphertexts.
   *
   * @param sealed under the primary key, or one that is to follow it
   * @param remaining to be moved yet
   * @param unreadable under an old key, and not opening
   */
  private record Progress(long sealed, long remaining, long unreadable) {}

  private final Ciphertexts ciphertexts;
  private final Vault vault;
  private final KeysetWatch watch;
  private final Reencryption reencryption;
  private volatile Progress measured = new Progress(0, 0, 0);

  KeysetReport(
      Database database,
      Vault vault,
      KeysetWatch watch,
      Reencryption reencryption,
      MeterRegistry metrics) {
    this.ciphertexts = new Ciphertexts(database);
    this.vault = vault;
    this.watch = watch;
    this.reencryption = reencryption;
    gauge(metrics, "sealed", Progress::sealed);
    gauge(metrics, "remaining", Progress::remaining);
    gauge(metrics, "unreadable", Progress::unreadable);
  }

  /** For the metrics, which must not wait for the database. */
  void measure() {
    measured = progress();
  }

  /**
   * @throws Problem where that cannot be told now
   */
  @Override
  public JsonObject get() {
    if (watch.check() instanceof Check.Unwell(String why)) {
      throw new Problem(503, "Not now", why);
    }
    try {
      Progress now = progress();
      JsonObject report =
          new JsonObject()
              .put("primary", vault.primary().toString())
              .put("keys", new JsonArray(vault.keys().stream().map(KeyId::toString).toList()))
              .put("sealed", now.sealed())
              .put("remaining", now.remaining())
              .put("unreadable", now.unreadable());
      vault.refused().ifPresent(why -> report.put("refused", why));
      return report;
    } catch (DataAccessException e) {
      throw new Problem(503, "Not now", "PostgreSQL does not answer.");
    }
  }

  private Progress progress() {
    Ciphertexts.Count count = ciphertexts.count(vault.lasting());
    long unreadable = Math.min(reencryption.unreadable(), count.others());
    return new Progress(count.lasting(), count.others() - unreadable, unreadable);
  }

  private void gauge(MeterRegistry metrics, String state, ToDoubleFunction<Progress> value) {
    Gauge.builder("cinch.keyset.secrets", this, report -> value.applyAsDouble(report.measured))
        .tag("state", state)
        .register(metrics);
  }
}
