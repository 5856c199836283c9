package sh.cinch.ingress.artifacts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import sh.cinch.service.due.Step;

/** Removes bytes that no row names: what a restored database or a crash has left behind. */
record StrayArtifacts(ArtifactRows rows, ArtifactStore store, InstantSource clock) implements Step {

  private static final Duration OLD = Duration.ofDays(1);

  @Override
  public boolean run() {
    try {
      store.removeStrays(clock.instant().minus(OLD), rows::withBytes);
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
