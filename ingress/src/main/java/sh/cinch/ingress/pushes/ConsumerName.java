package sh.cinch.ingress.pushes;

import java.util.Arrays;

/**
 * A consumer: those who share one name and one API token.
 *
 * @param tokenHash of the token, as it is stored
 */
@SuppressWarnings("ArrayRecordComponent") // compared by isSame
public record ConsumerName(byte[] tokenHash, String name) {

  boolean isSame(ConsumerName other) {
    return name.equals(other.name) && Arrays.equals(tokenHash, other.tokenHash);
  }

  @Override
  public String toString() {
    return name;
  }
}
