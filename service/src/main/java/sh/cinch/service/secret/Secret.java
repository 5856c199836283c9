package sh.cinch.service.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that must not be seen. Nothing prints it by accident; every reading of it is a call of
 * {@link #reveal}, and a test lists who may.
 */
public final class Secret {

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  public static Secret of(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("an empty secret protects nothing");
    }
    return new Secret(text);
  }

  /** The text itself: for the one call that needs it, never to be kept or put together. */
  public String reveal() {
    return text;
  }

  /** Compares without telling by its duration how much of it agreed. */
  public boolean matches(Secret other) {
    return MessageDigest.isEqual(
        text.getBytes(StandardCharsets.UTF_8), other.text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && matches(secret);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "Secret";
  }
}
