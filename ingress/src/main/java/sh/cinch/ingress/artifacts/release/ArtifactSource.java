package sh.cinch.ingress.artifacts.release;

import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.text.Uuids;

/** The source of a released file that was uploaded to Cinch: {@code artifact:<id>}. */
public final class ArtifactSource {

  public static final String SCHEME = "artifact:";

  private ArtifactSource() {}

  /** Empty for any other source, and for what is no id. */
  public static Optional<UUID> artifact(String source) {
    return source.startsWith(SCHEME)
        ? Uuids.parse(source.substring(SCHEME.length()))
        : Optional.empty();
  }
}
