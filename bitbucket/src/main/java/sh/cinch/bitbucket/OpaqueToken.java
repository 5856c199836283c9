package sh.cinch.bitbucket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A token or secret on its way to or from Bitbucket; only {@link #reveal} shows what it is. */
public final class OpaqueToken {
  private final String value;

  public OpaqueToken(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a token must not be blank");
    }
    this.value = value;
  }

  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OpaqueToken token && MessageDigest.isEqual(bytes(), token.bytes());
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "OpaqueToken";
  }

  private byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
