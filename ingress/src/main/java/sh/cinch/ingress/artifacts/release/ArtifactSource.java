package sh.cinch.ingress.artifacts.release;

import java.util.Optional;
import java.util.UUID;

/** The source of a released file that was uploaded to Cinch: {@code artifact:<id>}. */
public final class ArtifactSource {

  public static final String SCHEME = "artifact:";

  private ArtifactSource() {}

  /** Empty for any other source, and for what is no id. */
  public static Optional<UUID> artifact(String source) {
    try {
      return source.startsWith(SCHEME)
          ? Optional.of(UUID.fromString(source.substring(SCHEME.length())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
