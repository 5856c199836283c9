package sh.cinch.releaseworker.source;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sh.cinch.schema.release.ReleaseSource;

/** The text of a source, read. */
sealed interface Source {

  /** Longer than any signed address of the large object stores. */
  int LONGEST = 8192;

  Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,30}):(.*)", Pattern.DOTALL);

  /** A file that was uploaded to Cinch. */
  record Artifact(UUID id) implements Source {}

  /** Not yet held against the rules. */
  record Web(WebAddress address) implements Source {}

  /**
   * @param why "it …"; repeats no more of the text than scheme and host
   */
  record Unusable(String why) implements Source {}

  static Source read(String text) {
    if (text.length() > LONGEST) {
      return new Unusable("it is longer than %d characters".formatted(LONGEST));
    }
    if (text.codePoints().anyMatch(Source::isUnprintable)) {
      return new Unusable("it has a space or a control character in it");
    }
    Matcher scheme = SCHEME.matcher(text);
    if (!scheme.matches()) {
      return new Unusable("it does not begin with https:, http: or artifact:");
    }
    String name = scheme.group(1).toLowerCase(Locale.ROOT);
    return switch (name) {
      case "artifact" -> artifact(scheme.group(2));
      case "http", "https" -> web(name, text);
      default -> new Unusable("it begins with %s:, not https:, http: or artifact:".formatted(name));
    };
  }

  private static Source artifact(String id) {
    return ReleaseSource.artifact(ReleaseSource.ARTIFACT + id)
        .<Source>map(Artifact::new)
        .orElseGet(() -> new Unusable("artifact: is not followed by an artifact's id"));
  }

  private static Source web(String scheme, String text) {
    try {
      return new Web(WebAddress.of(scheme, text));
    } catch (IllegalArgumentException e) {
      return new Unusable(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isUnprintable(int character) {
    return Character.isISOControl(character)
        || Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || Character.getType(character) == Character.SURROGATE;
  }
}
