package sh.cinch.ingress.artifacts;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import sh.cinch.service.due.Step;

/**
 * Removes what has expired: first its row says so, then the bytes go, then the row says that. And
 * counts what is left.
 */
final class ArtifactSweep implements Step {

  private static final int AT_ONCE = 100;

  private final ArtifactRows rows;
  private final ArtifactStore store;
  private volatile Map<ArtifactRows.State, Long> bytes = Map.of();

  ArtifactSweep(ArtifactRows rows, ArtifactStore store, MeterRegistry metrics) {
    this.rows = rows;
    this.store = store;
    for (ArtifactRows.State state :
        List.of(
            ArtifactRows.State.PARTIAL, ArtifactRows.State.STORED, ArtifactRows.State.EXPIRED)) {
      Gauge.builder("cinch.artifact.bytes", () -> bytes.getOrDefault(state, 0L))
          .tag("state", state.word())
          .register(metrics);
    }
  }

  @Override
  public boolean run() {
    rows.expire();
    List<UUID> expired = rows.expired(AT_ONCE);
    try {
      for (UUID id : expired) {
        store.remove(id);
        rows.removed(id);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes = rows.bytes();
    return expired.size() == AT_ONCE;
  }
}
