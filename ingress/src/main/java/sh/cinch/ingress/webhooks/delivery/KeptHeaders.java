package sh.cinch.ingress.webhooks.delivery;

import static java.util.function.Predicate.not;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.text.Visible;

/**
 * The headers of a delivery that are kept: those of a list, none of which opens anything. No
 * signature covers them, so that any may say anything.
 *
 * @param all in the list's order, those that came
 */
public record KeptHeaders(List<Header> all) {

  public static final KeptHeaders NONE = new KeptHeaders(List.of());

  private static final List<String> NAMES =
      List.of(
          "X-Event-Key",
          "X-Hook-UUID",
          "X-Request-UUID",
          "X-Attempt-Number",
          "X-Event-Time",
          "User-Agent",
          "Content-Type",
          "Content-Length",
          "traceparent");

  /** Characters of a value; what is longer is cut. */
  private static final int LONGEST = 200;

  private static final String BETWEEN = ": ";
  private static final String LINE_BREAK = Character.toString('\n');

  public record Header(String name, String value) {}

  public KeptHeaders {
    all = List.copyOf(all);
  }

  /**
   * Picks from a request's; takes no time to speak of.
   *
   * @param header the value of a name, null where there is none
   */
  public static KeptHeaders of(UnaryOperator<@Nullable String> header) {
    List<Header> came = new ArrayList<>(NAMES.size());
    for (String name : NAMES) {
      String value = header.apply(name);
      if (value != null) {
        came.add(new Header(name, value));
      }
    }
    return new KeptHeaders(came);
  }

  /** For a row: a line each, whatever they say. */
  @Nullable String text() {
    return all.isEmpty()
        ? null
        : all.stream()
            .map(header -> header.name() + BETWEEN + shown(header.value()))
            .collect(Collectors.joining(LINE_BREAK));
  }

  private static String shown(String value) {
    int end = Math.min(value.length(), LONGEST);
    return Visible.oneLine(
        value.substring(
            0, end > 0 && Character.isHighSurrogate(value.charAt(end - 1)) ? end - 1 : end));
  }

  static KeptHeaders read(@Nullable String text) {
    return new KeptHeaders(
        Optional.ofNullable(text).stream()
            .flatMap(String::lines)
            .filter(not(String::isBlank))
            .map(line -> line.split(BETWEEN, 2))
            .map(parts -> new Header(parts[0], parts.length == 2 ? parts[1] : ""))
            .toList());
  }
}
