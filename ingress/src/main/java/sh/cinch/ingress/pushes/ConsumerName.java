package sh.cinch.ingress.pushes;

/**
 * A consumer: those who share one name and one API token.
 *
 * @param tokenHash of the token, as it is stored
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record ConsumerName(byte[] tokenHash, String name) {

  @Override
  public String toString() {
    return name;
  }
}
