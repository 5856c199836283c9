package sh.cinch.ingress.artifacts;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import sh.cinch.service.config.Environment;
import sh.cinch.service.secret.Secret;

/**
 * How artifacts are kept.
 *
 * @param lifetime how long one stays after it was last brought or needed
 * @param quota bytes that one repository may have
 * @param largest bytes that one file may have
 * @param releaseWorker how the release-worker proves itself; empty: nobody fetches any
 */
public record ArtifactSettings(
    Path folder, Duration lifetime, long quota, long largest, Optional<Secret> releaseWorker) {

  static final String FOLDER = "CINCH_ARTIFACT_FOLDER";
  public static final String SERVICE_SECRETS = "CINCH_SERVICE_SECRETS";

  private static final int DAYS = 7;
  private static final int MIB = 10_240;
  private static final long BYTES = 1024 * 1024;

  public static ArtifactSettings from(Environment environment) {
    return new ArtifactSettings(
        folder(environment),
        lifetime(environment),
        environment.count("CINCH_ARTIFACT_QUOTA_MIB", MIB) * BYTES,
        environment.count("CINCH_ARTIFACT_LARGEST_MIB", MIB) * BYTES,
        releaseWorker(environment));
  }

  /** For an instance that keeps them, and neither takes nor gives any. */
  public static ArtifactSettings forUpkeep(Environment environment) {
    return new ArtifactSettings(folder(environment), lifetime(environment), 0, 0, Optional.empty());
  }

  private static Duration lifetime(Environment environment) {
    return Duration.ofDays(environment.count("CINCH_ARTIFACT_DAYS", DAYS));
  }

  private static Path folder(Environment environment) {
    try {
      return Path.of(environment.text(FOLDER, "artifacts"));
    } catch (InvalidPathException e) {
      environment.problem(FOLDER, "this is not the name of a folder");
      return Path.of("artifacts");
    }
  }

  private static Optional<Secret> releaseWorker(Environment environment) {
    try {
      return environment
          .optional(SERVICE_SECRETS)
          .map(Secret::of)
          .flatMap(ServiceSecrets::releaseWorker);
    } catch (IllegalArgumentException e) {
      environment.problem(SERVICE_SECRETS, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
