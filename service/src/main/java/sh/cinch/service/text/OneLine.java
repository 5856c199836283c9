package sh.cinch.service.text;

import java.util.regex.Pattern;

/** Text from elsewhere as one printable line: no page, log or database takes a NUL. */
public final class OneLine {

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cs}]+");

  private OneLine() {}

  public static String of(String text) {
    return CONTROL.matcher(text).replaceAll(" ").strip();
  }
}
