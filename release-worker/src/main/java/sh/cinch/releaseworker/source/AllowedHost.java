package sh.cinch.releaseworker.source;

import java.util.OptionalInt;

/**
 * One entry of a setting.
 *
 * @param host lower-case ASCII
 * @param isOfSubdomains what ends in {@code .host} is meant, and the host itself is not
 * @param port empty: the usual one of the source's scheme
 */
public record AllowedHost(String host, boolean isOfSubdomains, OptionalInt port) {

  private static final String SUBDOMAINS = "*.";

  /**
   * @throws IllegalArgumentException what is wrong with it, without repeating it
   */
  static AllowedHost of(String entry) {
    boolean isOfSubdomains = entry.startsWith(SUBDOMAINS);
    Authority named = Authority.of(isOfSubdomains ? entry.substring(SUBDOMAINS.length()) : entry);
    if (isOfSubdomains && named.host().literal().isPresent()) {
      throw new IllegalArgumentException("an IP address has no subdomains");
    }
    return new AllowedHost(named.host().text(), isOfSubdomains, named.port());
  }

  boolean matches(WebAddress address) {
    return matchesHost(address.host())
        && (port.isPresent() ? port.getAsInt() == address.port() : address.hasUsualPort());
  }

  private boolean matchesHost(Host other) {
    return isOfSubdomains
        ? other.literal().isEmpty() && other.text().endsWith("." + host)
        : other.text().equals(host);
  }
}
