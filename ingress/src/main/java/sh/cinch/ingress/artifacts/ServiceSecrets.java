package sh.cinch.ingress.artifacts;

import java.util.Optional;
import java.util.regex.Pattern;
import sh.cinch.service.secret.Secret;

/** The list of services and their secrets, as the token-service has it. */
final class ServiceSecrets {

  private static final String RELEASE_WORKER = "release-worker";
  private static final Pattern NAME = Pattern.compile("[a-z]+(-[a-z]+)*");
  private static final int SHORTEST_SECRET = 16;

  private ServiceSecrets() {}

  /**
   * @param list {@code ingress=SECRET,release-worker=SECRET}; the others are of no use here
   * @throws IllegalArgumentException naming the entry by its position and never by its text: what
   *     is malformed may be a secret
   */
  static Optional<Secret> releaseWorker(Secret list) {
    Optional<Secret> found = Optional.empty();
    String[] entries = list.reveal().split(",", -1);
    for (int i = 0; i < entries.length; i++) {
      String entry = entries[i].strip();
      int equals = entry.indexOf('=');
      String name = equals < 0 ? "" : entry.substring(0, equals).strip();
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "entry %d is not NAME=SECRET with the name of a service".formatted(i + 1));
      }
      if (name.equals(RELEASE_WORKER)) {
        if (found.isPresent()) {
          throw new IllegalArgumentException(RELEASE_WORKER + " is there twice");
        }
        found = Optional.of(secret(entry.substring(equals + 1).strip()));
      }
    }
    return found;
  }

  private static Secret secret(String text) {
    if (text.length() < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "the secret of %s has fewer than %d characters"
              .formatted(RELEASE_WORKER, SHORTEST_SECRET));
    }
    return Secret.of(text);
  }
}
