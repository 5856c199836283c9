package sh.cinch.simulator.html;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Markup. Text gets into it escaped, and in no other way. */
public record Html(String markup) {
  public static final Html NONE = new Html("");

  /** The markup with its {@code {}} filled in turn: by other markup as it is, else by text. */
  public static Html of(String markup, Object... parts) {
    var filled = new StringBuilder();
    int from = 0;
    for (Object part : parts) {
      int gap = markup.indexOf("{}", from);
      filled.append(markup, from, gap);
      filled.append(part instanceof Html html ? html.markup() : escape(String.valueOf(part)));
      from = gap + 2;
    }
    return new Html(filled.append(markup.substring(from)).toString());
  }

  public static Html join(Stream<Html> parts) {
    return new Html(parts.map(Html::markup).collect(Collectors.joining("\n")));
  }

  private static String escape(String text) {
    var safe = new StringBuilder(text.length());
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append((char) c);
              }
            });
    return safe.toString();
  }
}
