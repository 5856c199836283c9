package sh.cinch.service.config;

import static java.util.function.Predicate.not;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of every process, as docs/settings.md has them. One file of settings may serve all
 * processes: what is another one's setting is nobody's typo.
 */
public final class Settings {

  public static final Set<String> ALL =
      Set.of(
          "CINCH_API_TOKEN",
          "CINCH_ARTIFACT_DAYS",
          "CINCH_ARTIFACT_FOLDER",
          "CINCH_ARTIFACT_LARGEST_MIB",
          "CINCH_ARTIFACT_QUOTA_MIB",
          "CINCH_AUDIT_DAYS",
          "CINCH_BASE_URL",
          "CINCH_BITBUCKET_API_URL",
          "CINCH_BITBUCKET_CLIENT_ID",
          "CINCH_BITBUCKET_CLIENT_SECRET",
          "CINCH_BITBUCKET_HOURLY_LIMIT",
          "CINCH_BITBUCKET_URL",
          "CINCH_COMMIT",
          "CINCH_DATABASE_PASSWORD",
          "CINCH_DATABASE_URL",
          "CINCH_DATABASE_USER",
          "CINCH_DELIVERY_BODY_DAYS",
          "CINCH_DELIVERY_BODY_KIB",
          "CINCH_DELIVERY_DAYS",
          "CINCH_FORGE",
          "CINCH_GIT_AT_ONCE",
          "CINCH_GIT_AT_ONCE_OF_TOKEN",
          "CINCH_HOST",
          "CINCH_INGRESS_URL",
          "CINCH_KAFKA",
          "CINCH_KAFKA_PROPERTIES",
          "CINCH_KEYSET",
          "CINCH_LOG",
          "CINCH_MANAGEMENT_HOST",
          "CINCH_MANAGEMENT_PORT",
          "CINCH_PORT",
          "CINCH_PUSH_DAYS",
          "CINCH_REFRESHES_PER_HOUR",
          "CINCH_RELEASE_DAYS",
          "CINCH_RELEASE_LARGEST_MIB",
          "CINCH_RELEASE_LEAST_KIB",
          "CINCH_RELEASE_MINUTES",
          "CINCH_RELEASE_UPLOADS",
          "CINCH_REPO",
          "CINCH_ROLES",
          "CINCH_SERVERS",
          "CINCH_SERVICE_SECRET",
          "CINCH_SERVICE_SECRETS",
          "CINCH_SOURCE_HOSTS",
          "CINCH_SOURCE_PRIVATE_HOSTS",
          "CINCH_STATE",
          "CINCH_STATUS_DAYS",
          "CINCH_STATUS_ORPHAN_HOURS",
          "CINCH_STATUS_POSTS",
          "CINCH_TAG",
          "CINCH_TOKEN_SERVICE_URL",
          "CINCH_TRUSTED_PROXIES",
          "CINCH_JAVA_HOME");

  static final String FROM_FILE = "_FILE";

  private static final String PREFIX = "CINCH_";

  /** From this length on, two letters may be wrong. */
  private static final int LONG = "CINCH_SERVICE_SECRET".length();

  private Settings() {}

  /**
   * The setting that a variable was meant to be; empty where it is one, or like none.
   *
   * @param open settings that could be given and are not
   */
  static Optional<String> meant(String variable, Collection<String> open) {
    String name =
        variable.endsWith(FROM_FILE)
            ? variable.substring(0, variable.length() - FROM_FILE.length())
            : variable;
    return Optional.of(name)
        .filter(given -> given.startsWith(PREFIX))
        .filter(not(ALL::contains))
        .flatMap(given -> closest(given, open))
        .filter(closest -> distance(name, closest) <= (closest.length() < LONG ? 1 : 2));
  }

  /** The word that was meant, if half of it is right. */
  static Optional<String> like(String given, Collection<String> words) {
    return closest(given, words)
        .filter(closest -> 2 * distance(given, closest) <= closest.length());
  }

  private static Optional<String> closest(String given, Collection<String> words) {
    return words.stream().min(Comparator.comparingInt(word -> distance(given, word)));
  }

  /** How many letters to add, drop, change or swap with the next. */
  private static int distance(String one, String other) {
    int[][] d = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
        } else {
          boolean same = one.charAt(i - 1) == other.charAt(j - 1);
          d[i][j] =
              Math.min(d[i - 1][j - 1] + (same ? 0 : 1), Math.min(d[i - 1][j], d[i][j - 1]) + 1);
          if (i > 1
              && j > 1
              && one.charAt(i - 1) == other.charAt(j - 2)
              && one.charAt(i - 2) == other.charAt(j - 1)) {
            d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
          }
        }
      }
    }
    return d[one.length()][other.length()];
  }
}
