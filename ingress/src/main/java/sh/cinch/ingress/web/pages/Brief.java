package sh.cinch.ingress.web.pages;

import java.util.ArrayList;
import java.util.List;
import sh.cinch.schema.text.Cut;
import sh.cinch.schema.text.Visible;

/**
 * Text from elsewhere as a page shows it: one short line that neither hides anything nor turns the
 * direction of what stands beside it. The API has all of it.
 */
final class Brief {

  private static final int LONGEST = 200;
  private static final int LINES = 5;
  private static final int PARAGRAPH = 600;
  private static final int PARAGRAPHS = 20;

  private Brief() {}

  static String text(String text) {
    String begin = Cut.to(text, 2 * LONGEST); // before every character is looked at
    return Cut.to(Visible.plain(begin), LONGEST);
  }

  static List<String> texts(List<String> texts) {
    return texts(texts, LINES);
  }

  /** The first of them, and how many more there are. */
  static List<String> texts(List<String> texts, int most) {
    List<String> brief = new ArrayList<>(texts.stream().limit(most).map(Brief::text).toList());
    if (texts.size() > most) {
      brief.add("and %d more".formatted(texts.size() - most));
    }
    return brief;
  }

  /** Whole sentences of ours with a few words from elsewhere in them. */
  static List<String> paragraphs(List<String> texts) {
    return texts.stream()
        .limit(PARAGRAPHS)
        .map(text -> Cut.to(Visible.plain(Cut.to(text, 2 * PARAGRAPH)), PARAGRAPH))
        .toList();
  }

  /** Others chose it: a link may lead to a page, but must not run a script. */
  static boolean isWebAddress(String address) {
    return address.startsWith("https://") || address.startsWith("http://");
  }
}
