package sh.cinch.releaseworker.source;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code host} or {@code host:port}, in an address and in a setting. */
record Authority(Host host, OptionalInt port) {

  private static final Pattern FORM =
      Pattern.compile("(\\[[^\\]]*]|[^:\\[\\]]+)(?::([0-9]{1,5}))?");
  private static final int LAST_PORT = 65_535;

  /**
   * @throws IllegalArgumentException why it is none; never repeats what was written
   */
  static Authority of(String written) {
    Matcher form = FORM.matcher(written);
    if (!form.matches()) {
      throw new IllegalArgumentException("it is not HOST or HOST:PORT");
    }
    return new Authority(
        Host.of(form.group(1)),
        form.group(2) == null ? OptionalInt.empty() : OptionalInt.of(port(form.group(2))));
  }

  private static int port(String digits) {
    int port = Integer.parseInt(digits);
    if (port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException("the port is not one from 1 to " + LAST_PORT);
    }
    return port;
  }
}
