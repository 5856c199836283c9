package sh.cinch.simulator.fault;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A pattern over paths: {@code *} is any characters, slashes among them. */
public record Glob(String text) implements Predicate<String> {

  @Override
  public boolean test(String path) {
    return Pattern.matches(
        Pattern.compile("\\*+")
            .splitAsStream(text + "\0")
            .map(part -> Pattern.quote(part.replace("\0", "")))
            .collect(Collectors.joining(".*")),
        path);
  }
}
