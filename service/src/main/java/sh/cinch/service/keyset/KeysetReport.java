package sh.cinch.service.keyset;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;
import sh.cinch.service.secret.Vault;

/** Counts how far all secrets are on their way to the primary key. */
final class KeysetReport {

  private final Ciphertexts<?> ciphertexts;
  private final Vault vault;
  private final Reencryption<?> reencryption;
  private volatile KeysetStatus measured;

  KeysetReport(
      Ciphertexts<?> ciphertexts,
      Vault vault,
      Reencryption<?> reencryption,
      MeterRegistry metrics) {
    this.ciphertexts = ciphertexts;
    this.vault = vault;
    this.reencryption = reencryption;
    this.measured = status(new Ciphertexts.Count(0, 0));
    gauge(metrics, "sealed", KeysetStatus::sealed);
    gauge(metrics, "remaining", KeysetStatus::remaining);
    gauge(metrics, "unreadable", KeysetStatus::unreadable);
  }

  /** Also for the metrics, which must not wait for the database. */
  KeysetStatus measure() {
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
    Gauge.builder("cinch.keyset.secrets", this, report -> value.applyAsDouble(report.measured))
        .tag("state", state)
        .register(metrics);
  }
}
