package sh.cinch.service.database;

import sh.cinch.service.config.Environment;
import sh.cinch.service.secret.Secret;

/**
 * @param url JDBC, {@code jdbc:postgresql://host:5432/cinch}
 */
public record DatabaseSettings(String url, String user, Secret password) {

  private static final String PREFIX = "jdbc:postgresql:";

  public static DatabaseSettings from(Environment environment) {
    String url = environment.text("CINCH_DATABASE_URL");
    if (!url.startsWith(PREFIX)) {
      // Not repeated: people put passwords into such addresses.
      environment.problem(
          "CINCH_DATABASE_URL", "an address that begins with " + PREFIX + "// is expected");
    }
    return new DatabaseSettings(
        url,
        environment.text("CINCH_DATABASE_USER", "postgres"),
        environment
            .optional("CINCH_DATABASE_PASSWORD")
            .map(Secret::of)
            .orElseGet(() -> Secret.of("none")));
  }
}
