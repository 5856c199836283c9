package sh.cinch.simulator.api;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Which addresses a status may link to: not those of one label, such as {@code http://jenkins1}.
 */
final class StatusUrl {
  static final int LONGEST = 450;

  private StatusUrl() {}

  static boolean isValid(String text) {
    try {
      URI uri = new URI(withoutVariables(text));
      String host = uri.getHost();
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && host != null
          && (host.startsWith("[") || host.matches("[^.].*\\.[^.]+"));
    } catch (URISyntaxException malformed) {
      return false;
    }
  }

  /** Bitbucket fills in {@code {commit.hash}} and the like when it shows the link. */
  private static String withoutVariables(String text) {
    return text.replaceAll("\\{[a-z_.]+}", "x");
  }
}
