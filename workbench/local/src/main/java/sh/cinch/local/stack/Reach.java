package sh.cinch.local.stack;

import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * Who reaches the stack's ingress: this machine alone, unless {@code CINCH_HOST} says otherwise.
 */
record Reach(String host) {

  static final String LOOPBACK = "127.0.0.1";

  private static final Set<String> WITH_LOOPBACK = Set.of(LOOPBACK, "0.0.0.0", "::");

  static Reach of(Map<String, String> environment) {
    return new Reach(environment.getOrDefault("CINCH_HOST", LOOPBACK));
  }

  /** Where this machine itself finds it. */
  URI url(int port) {
    return URI.create("http://%s:%d".formatted(name(), port));
  }

  private String name() {
    if (WITH_LOOPBACK.contains(host)) {
      return "localhost";
    }
    return host.contains(":") ? "[" + host + "]" : host; // IPv6
  }
}
