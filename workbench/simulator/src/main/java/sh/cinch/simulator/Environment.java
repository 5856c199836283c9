package sh.cinch.simulator;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads settings from the environment, and finds everything that is wrong with them at once. */
final class Environment {
  private static final String CALLBACK_PATH = "/auth/bitbucket/callback";
  private static final String DEFAULT_PORT = "8090";

  private final Map<String, String> variables;
  private final List<String> problems = new ArrayList<>();

  private Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /**
   * The configuration.
   *
   * @throws IllegalArgumentException naming every setting that is missing or malformed
   */
  static SimulatorConfig read(Map<String, String> variables) {
    var environment = new Environment(variables);
    var config =
        new SimulatorConfig(
            environment.value("CINCH_HOST").orElse(SimulatorConfig.LOOPBACK),
            environment.port(),
            environment.path("CINCH_STATE"),
            environment.required("CINCH_BITBUCKET_CLIENT_ID"),
            environment.secret("CINCH_BITBUCKET_CLIENT_SECRET"),
            environment.callback());
    if (!environment.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", environment.problems));
    }
    return config;
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  private String required(String name) {
    return value(name)
        .orElseGet(
            () -> {
              problems.add(name + " is missing");
              return "";
            });
  }

  private String secret(String name) {
    Optional<Path> file = path(name + "_FILE");
    if (value(name).isPresent() || file.isEmpty()) {
      return required(name);
    }
    try {
      return Files.readString(file.get()).strip();
    } catch (IOException unreadable) {
      problems.add("%s_FILE names %s, which cannot be read".formatted(name, file.get()));
      return "";
    }
  }

  private int port() {
    String text = value("CINCH_PORT").orElse(DEFAULT_PORT);
    if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535) {
      return Integer.parseInt(text);
    }
    problems.add("CINCH_PORT must be a number from 0 to 65535, but is " + text);
    return 0;
  }

  private Optional<Path> path(String name) {
    try {
      return value(name).map(Path::of);
    } catch (InvalidPathException malformed) {
      problems.add(name + " is not a path");
      return Optional.empty();
    }
  }

  private URI callback() {
    String name = "CINCH_BASE_URL";
    String text = required(name);
    try {
      URI base = URI.create(text.replaceAll("/+$", "") + CALLBACK_PATH);
      if (text.isEmpty() || (base.getHost() != null && isWeb(base))) {
        return base;
      }
    } catch (IllegalArgumentException malformed) {
      // said below
    }
    problems.add(name + " must be an address such as http://localhost:8080, but is " + text);
    return URI.create(CALLBACK_PATH);
  }

  private static boolean isWeb(URI uri) {
    return "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
  }
}
