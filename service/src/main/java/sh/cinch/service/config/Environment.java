package sh.cinch.service.config;

import static java.util.function.Predicate.not;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.text.EnumWord;

/**
 * Settings from the environment. Reading goes on past a problem with a stand-in, so that {@link
 * #read} can report all of them in one message. Every setting may also come from the file that
 * {@code NAME_FILE} names, as container platforms mount secrets.
 */
public final class Environment {

  private static final String LOOPBACK = "127.0.0.1";
  private static final URI NOWHERE = URI.create("http://invalid.invalid");

  private final Map<String, String> variables;
  private final Set<String> asked = new LinkedHashSet<>();

  /** By name: what to set it to, where the name does not say so. */
  private final Map<String, String> missing = new LinkedHashMap<>();

  private final List<String> problems = new ArrayList<>();

  private Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /**
   * @throws ConfigurationException naming every setting that is missing or malformed
   */
  public static <T> T read(Map<String, String> variables, Function<Environment, T> config) {
    Environment environment = new Environment(variables);
    T result = config.apply(environment);
    environment.nameTypos();
    environment.missing.forEach(
        (name, hint) -> environment.problems.add(name + " is missing" + hint));
    if (!environment.problems.isEmpty()) {
      throw new ConfigurationException(environment.problems);
    }
    return result;
  }

  /** Which settings a configuration asks for, in its order, and whether each is required. */
  public static Map<String, Boolean> asked(Function<Environment, ?> config) {
    return asked(Map.of(), config);
  }

  /** The same where some are given, upon which others depend. */
  public static Map<String, Boolean> asked(
      Map<String, String> given, Function<Environment, ?> config) {
    Environment environment = new Environment(given);
    Object unused = config.apply(environment);
    Map<String, Boolean> asked = new LinkedHashMap<>();
    environment.asked.forEach(name -> asked.put(name, environment.missing.containsKey(name)));
    return asked;
  }

  public String text(String name) {
    return optional(name).orElseGet(() -> missing(name, "missing"));
  }

  public String text(String name, String fallback) {
    return optional(name).orElse(fallback);
  }

  public Optional<String> optional(String name) {
    asked.add(name);
    return given(name)
        .or(() -> given(name + Settings.FROM_FILE).flatMap(file -> contents(name, file)));
  }

  public Secret secret(String name) {
    return Secret.of(text(name));
  }

  /** A secret whose text must mean something; the parser's message must not repeat it. */
  public <T> Optional<T> secret(String name, Function<Secret, T> parser) {
    String text = text(name);
    return missing.containsKey(name)
        ? Optional.empty()
        : parsed(name, () -> parser.apply(Secret.of(text)));
  }

  /** The same for a secret that, where it lies in a file, is looked at again later. */
  public <T> Optional<T> secret(
      String name, Function<Secret, T> parser, Function<Path, T> fromFile) {
    Optional<Path> file =
        given(name).isPresent() ? Optional.empty() : given(name + Settings.FROM_FILE).map(Path::of);
    if (file.isEmpty()) {
      return secret(name, parser);
    }
    asked.add(name);
    return parsed(name + Settings.FROM_FILE, () -> fromFile.apply(file.get()));
  }

  /** An absolute http or https address, without a slash at its end. */
  public URI address(String name) {
    return optional(name)
        .map(text -> parsedAddress(name, text))
        .orElseGet(() -> missing(name, NOWHERE));
  }

  public URI address(String name, String fallback) {
    return parsedAddress(name, optional(name).orElse(fallback));
  }

  /**
   * A name or an address of this machine. Without a fallback: whoever runs a process alone knows
   * its networks, and we do not.
   */
  public String host(String name) {
    Optional<String> given = optional(name);
    if (given.isEmpty()) {
      missing.put(
          name,
          ": where to listen, 127.0.0.1 for this machine alone or 0.0.0.0 for every network it is"
              + " in");
    }
    return given.filter(text -> isHost(name, text)).orElse(LOOPBACK);
  }

  public int port(String name, int fallback) {
    return optional(name).map(text -> parsedPort(name, text)).orElse(fallback);
  }

  /** A whole number from 1 to a million. */
  public int count(String name, int fallback) {
    return count(name, 1, fallback);
  }

  /** A whole number from this to a million. */
  public int count(String name, int least, int fallback) {
    return optional(name).map(text -> parsedCount(name, least, text)).orElse(fallback);
  }

  /**
   * Some of a type's words, with commas between them; all of them where it is absent. Of a list
   * with a wrong word those that are right, so that one mistake is one problem.
   */
  public <E extends Enum<E>> Set<E> some(String name, Class<E> type) {
    return optional(name)
        .map(text -> parsedSome(name, text, EnumSet.allOf(type)))
        .orElseGet(() -> EnumSet.allOf(type));
  }

  public Optional<Path> file(String name) {
    return optional(name)
        .map(Path::of)
        .filter(
            path -> {
              if (Files.isReadable(path)) {
                return true;
              }
              problems.add("%s: cannot read the file %s".formatted(name, path));
              return false;
            });
  }

  /** For what only the caller can judge. */
  public void problem(String name, String problem) {
    if (!missing.containsKey(name)) {
      problems.add("%s: %s".formatted(name, problem));
    }
  }

  private URI parsedAddress(String name, String text) {
    try {
      URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below, in our words.
    }
    problems.add(
        "%s is '%s': an address such as https://cinch.example.com is expected"
            .formatted(name, text));
    return NOWHERE;
  }

  private boolean isHost(String name, String text) {
    if (text.matches("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      return true;
    }
    problems.add(
        "%s is '%s': a name or an address of this machine is expected, without a port"
            .formatted(name, text));
    return false;
  }

  private int parsedCount(String name, int least, String text) {
    if (text.matches("0|[1-9][0-9]{0,5}|1000000") && Integer.parseInt(text) >= least) {
      return Integer.parseInt(text);
    }
    problems.add(
        "%s is '%s': a whole number from %d to 1000000 is expected".formatted(name, text, least));
    return least;
  }

  private int parsedPort(String name, String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below, in our words.
    }
    problems.add("%s is '%s': a port from 0 to 65535 is expected".formatted(name, text));
    return 0;
  }

  private <E extends Enum<E>> Set<E> parsedSome(String name, String text, Set<E> all) {
    List<String> known = all.stream().map(EnumWord::word).toList();
    List<String> words =
        Arrays.stream(text.toLowerCase(Locale.ROOT).split(","))
            .map(String::strip)
            .filter(not(String::isEmpty))
            .toList();
    words.stream().filter(not(known::contains)).forEach(word -> unknownWord(name, word, known));
    if (words.isEmpty()) {
      problems.add(
          "%s is '%s': one of %s at least is expected, or nothing for all of them"
              .formatted(name, text, String.join(", ", known)));
    }
    all.removeIf(constant -> !words.contains(EnumWord.word(constant)));
    return all;
  }

  private void unknownWord(String name, String word, List<String> known) {
    problems.add(
        "%s: '%s' is none of %s%s"
            .formatted(
                name,
                word,
                String.join(", ", known),
                Settings.like(word, known).map("; is it %s?"::formatted).orElse("")));
  }

  private <T> Optional<T> parsed(String name, Supplier<T> parser) {
    try {
      return Optional.of(parser.get());
    } catch (IllegalArgumentException e) {
      problems.add("%s: %s".formatted(name, e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<String> given(String name) {
    return Optional.ofNullable(variables.get(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private Optional<String> contents(String name, String file) {
    try {
      return Optional.of(Files.readString(Path.of(file)).strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      problems.add("%s%s: cannot read the file %s".formatted(name, Settings.FROM_FILE, file));
      return Optional.of("unreadable");
    }
  }

  private <T> T missing(String name, T standIn) {
    missing.put(name, "");
    return standIn;
  }

  /** A typo in an optional setting would otherwise be seen by nobody. */
  private void nameTypos() {
    List<String> open =
        asked.stream()
            .filter(name -> given(name).isEmpty() && given(name + Settings.FROM_FILE).isEmpty())
            .toList();
    variables.keySet().stream()
        .sorted()
        .forEach(
            variable ->
                Settings.meant(variable, open)
                    .ifPresent(
                        setting -> problem(variable, "no such setting; is it " + setting + "?")));
  }
}
