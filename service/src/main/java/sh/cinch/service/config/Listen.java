package sh.cinch.service.config;

/**
 * Where a process listens.
 *
 * @param host a name or an address of this machine; {@code 0.0.0.0} for every network it is in
 * @param port 0 for a free one
 */
public record Listen(String host, int port) {

  /** A free port that this machine alone reaches. */
  public static Listen onLoopback() {
    return new Listen("127.0.0.1", 0);
  }

  /** For whoever the service is there for. */
  public static Listen from(Environment environment, int usualPort) {
    return new Listen(environment.host("CINCH_HOST"), environment.port("CINCH_PORT", usualPort));
  }

  /** For operators. */
  public static Listen management(Environment environment, int usualPort) {
    return new Listen(
        environment.host("CINCH_MANAGEMENT_HOST"),
        environment.port("CINCH_MANAGEMENT_PORT", usualPort));
  }
}
