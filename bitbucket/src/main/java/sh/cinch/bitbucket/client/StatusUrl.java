package sh.cinch.bitbucket.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A link that Bitbucket accepts on a commit status. What it answers to any other is "url: Enter a
 * valid URL.", which says little, so {@link #check} says more.
 *
 * @param value literal braces are percent-encoded: Bitbucket would expand them as a template
 */
public record StatusUrl(String value) {
  public static final int LONGEST = 450;

  private static final Pattern URL =
      Pattern.compile("(?i)https?://(?<authority>[^/?#]*)(?<rest>.*)");
  private static final Pattern AUTHORITY =
      Pattern.compile("(?<host>\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]*)(?::(?<port>[0-9]{1,5}))?");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final Pattern DOTTED_NAME =
      Pattern.compile(
          "(?i)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})\\.?");

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
    value = encodeBraces(value);
    String why = objection(value);
    if (!why.isEmpty()) {
      throw new IllegalArgumentException("the link " + why);
    }
  }

  /** Whether Bitbucket would take this text as the link of a status. */
  public static Check check(String text) {
    String why = objection(encodeBraces(text));
    return why.isEmpty() ? new Check.Accepted(new StatusUrl(text)) : new Check.Refused(why);
  }

  private static String encodeBraces(String text) {
    return text.replace("{", "%7B").replace("}", "%7D");
  }

  /** Empty where there is none. */
  private static String objection(String text) {
    if (text.isBlank()) {
      return "is empty";
    }
    if (text.length() > LONGEST) {
      return "is longer than %d characters".formatted(LONGEST);
    }
    if (!text.chars().allMatch(c -> c > ' ' && c != 0x7f && !Character.isWhitespace(c))) {
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
    if (host.startsWith("[") || IPV4.matcher(host).matches()) {
      return "";
    }
    if (!host.contains(".")) {
      return "has a host without a dot, which Bitbucket refuses; use the full name or an address";
    }
    return DOTTED_NAME.matcher(host).matches() ? "" : "has a host that is no valid domain name";
  }

  @Override
  public String toString() {
    return value;
  }
}
