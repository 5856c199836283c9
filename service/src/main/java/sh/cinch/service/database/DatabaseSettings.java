package sh.cinch.service.database;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import sh.cinch.service.config.Environment;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.text.OneLine;

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

  /** The settings that are wrong, where PostgreSQL itself says so; empty where it may be away. */
  Optional<String> refusal(SQLException failure) {
    String wrong =
        switch (Objects.requireNonNullElse(failure.getSQLState(), "")) {
          case "28P01" -> "CINCH_DATABASE_USER or CINCH_DATABASE_PASSWORD";
          case "28000" -> "CINCH_DATABASE_USER";
          case "3D000", "42501" -> "CINCH_DATABASE_URL or CINCH_DATABASE_USER";
          case "08004" -> "CINCH_DATABASE_URL, CINCH_DATABASE_USER or CINCH_DATABASE_PASSWORD";
          default -> "";
        };
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: PostgreSQL says %s"
                .formatted(wrong, OneLine.of(String.valueOf(failure.getMessage()))));
  }
}
