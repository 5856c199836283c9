package sh.cinch.ingress.artifacts;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a file for a repository is, before its bytes are known.
 *
 * @param sha256 64 hex digits, small letters
 * @param size in bytes
 */
public record Content(UUID repository, String sha256, long size) {

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public Content {
    if (!SHA256.matcher(sha256).matches() || size < 0) {
      throw new IllegalArgumentException("no digest and size of a file");
    }
  }
}
