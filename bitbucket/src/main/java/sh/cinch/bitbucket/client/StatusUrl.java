package sh.cinch.bitbucket.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A link that Bitbucket accepts on a commit status. What it answers to any other is "url: Enter a
 * valid URL.", which says little, so {@link #check} says more.
 *
 * @param value what has no place behind the host of an address is percent-encoded there, so that it
 *     leads where it did. Braces are among it: Bitbucket would expand them as a template
 */
public record StatusUrl(String value) {
  /** In UTF-16 units, of which a text has at least as many as code points. */
  public static final int LONGEST = 450;

  /** What stands for itself behind the host; letters of other scripts do as well. */
  private static final String PLAIN = "-._~!$&'()*+,;=:@/?";

  private static final Pattern URL =
      Pattern.compile("(?is)https?://(?<authority>[^/?#]*)(?<rest>.*)");
  private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");
  private static final Pattern AUTHORITY =
      Pattern.compile("(?<host>\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]*)(?::(?<port>[0-9]{1,5}))?");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final Pattern DOTTED_NAME =
      Pattern.compile(
          "(?i)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})");

  /** Whether a link can be shown. */
  public sealed interface Check {
    record Accepted(StatusUrl url) implements Check {}

    /**
     * @param why completes "the link ..."; does not repeat the link
     */
    record Refused(String why) implements Check {}
  }

  /**
   * @throws IllegalArgumentException where {@link #check} refuses the value
   */
  public StatusUrl {
    value = encoded(value);
    String why = objection(value);
    if (!why.isEmpty()) {
      throw new IllegalArgumentException("the link " + why);
    }
  }

  /** Whether Bitbucket would take this text as the link of a status. */
  public static Check check(String text) {
    String why = objection(encoded(text));
    return why.isEmpty() ? new Check.Accepted(new StatusUrl(text)) : new Check.Refused(why);
  }

  private static String encoded(String text) {
    Matcher url = URL.matcher(text);
    if (!url.matches()) {
      return text;
    }
    int rest = url.start("rest");
    StringBuilder encoded = new StringBuilder(text.substring(0, rest));
    int fragment = text.indexOf('#', rest);
    for (int i = rest; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      int c = text.codePointAt(i);
      if (isPlain(c) || isBlank(c) || i == fragment || isEscape(text, i)) {
        encoded.appendCodePoint(c);
      } else {
        for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
          encoded.append("%%%02X".formatted(octet));
        }
      }
    }
    return encoded.toString();
  }

  private static boolean isPlain(int c) {
    return c < 0x80
        ? Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0
        : switch (Character.getType(c)) {
          case Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE, Character.UNASSIGNED ->
              false;
          default -> true;
        };
  }

  private static boolean isBlank(int c) {
    return Character.isISOControl(c) || Character.isSpaceChar(c) || Character.isWhitespace(c);
  }

  private static boolean isEscape(String text, int at) {
    return ESCAPE.matcher(text).region(at, text.length()).lookingAt();
  }

  /** Empty where there is none. */
  private static String objection(String text) {
    if (text.isBlank()) {
      return "is empty";
    }
    if (text.length() > LONGEST) {
      return "is longer than %d characters".formatted(LONGEST);
    }
    if (text.codePoints().anyMatch(StatusUrl::isBlank)) {
      return "contains blanks or control characters; write them percent-encoded";
    }
    Matcher url = URL.matcher(text);
    if (!url.matches()) {
      return "is not absolute; it must begin with http:// or https://";
    }
    String authority = url.group("authority");
    if (authority.contains("@")) {
      return "contains a user name or password, which everybody could read";
    }
    Matcher parts = AUTHORITY.matcher(authority);
    return parts.matches() ? hostObjection(parts.group("host")) : "has no valid host and port";
  }

  private static String hostObjection(String host) {
    if (host.startsWith("[")) {
      return isIpv6(host) ? "" : "has no valid host and port";
    }
    if (IPV4.matcher(host).matches()) {
      return "";
    }
    if (!host.contains(".")) {
      return "has a host without a dot, which Bitbucket refuses; use the full name or an address";
    }
    return DOTTED_NAME.matcher(host).matches() ? "" : "has a host that is no valid domain name";
  }

  private static boolean isIpv6(String host) {
    try {
      return new URI("http://" + host).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
