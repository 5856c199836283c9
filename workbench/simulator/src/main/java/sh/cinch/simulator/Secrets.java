package sh.cinch.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Finds secrets in texts that should have none, for tests: as they are, in hex as dumps have bytes,
 * in Base64; and, since a log may cut a line, their beginnings.
 */
public final class Secrets {

  private static final int BEGINNING = 16;

  private final Set<String> beginnings = new HashSet<>();

  /**
   * @param secrets of at least 16 characters each, such as {@link Simulator#issued} gives
   */
  public Secrets(Collection<String> secrets) {
    for (String secret : secrets) {
      byte[] bytes = secret.getBytes(UTF_8);
      add(secret);
      add(HexFormat.of().formatHex(bytes));
      add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    }
  }

  private void add(String form) {
    if (form.length() < BEGINNING) {
      throw new IllegalArgumentException("a secret too short to be told from other words");
    }
    beginnings.add(form.substring(0, BEGINNING));
  }

  /** Behind what words they stand; the secrets themselves are not repeated. */
  public List<String> in(String text) {
    List<String> found = new ArrayList<>();
    for (int at = 0; at + BEGINNING <= text.length(); at++) {
      if (beginnings.contains(text.substring(at, at + BEGINNING))) {
        found.add("…" + text.substring(Math.max(0, at - 60), at) + "[a secret]");
      }
    }
    return found;
  }
}
