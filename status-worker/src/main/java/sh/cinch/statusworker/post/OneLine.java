package sh.cinch.statusworker.post;

import java.util.regex.Pattern;

/** Text from elsewhere as one printable line: no page, log or database takes a NUL. */
final class OneLine {

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  private OneLine() {}

  static String of(String text) {
    return CONTROL.matcher(text).replaceAll(" ").strip();
  }
}
