package sh.cinch.ingress.connecting.connection;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a repository may be called: workspace and slug, of which addresses are made. Neither can
 * leave its place in one.
 */
final class FullName {

  private static final Pattern ONE =
      Pattern.compile("[A-Za-z0-9_.~-]{1,100}/[A-Za-z0-9_.-]{1,100}");
  private static final Pattern DOTS = Pattern.compile("\\.{1,2}/.*|.*/\\.{1,2}");

  private FullName() {}

  /** The text where it is one. */
  static Optional<String> of(String text) {
    return Optional.of(text)
        .filter(name -> ONE.matcher(name).matches() && !DOTS.matcher(name).matches());
  }
}
