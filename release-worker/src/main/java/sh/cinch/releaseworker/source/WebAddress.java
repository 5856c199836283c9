package sh.cinch.releaseworker.source;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * What a web source's address comes down to; the request is built from nothing else. It prints
 * without path and query, which may hold a signature.
 *
 * @param target path and query as they are sent
 */
record WebAddress(boolean isTls, Host host, int port, String target) {

  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /**
   * @throws IllegalArgumentException why it is none; repeats no more of it than the host
   */
  static WebAddress of(String scheme, String text) {
    URI uri = uri(text);
    String authority = uri.getRawAuthority();
    if (authority == null) {
      throw new IllegalArgumentException("it has no host");
    }
    if (authority.contains("@")) {
      throw new IllegalArgumentException(
          "it has a user or password in it, which Cinch neither sends nor keeps");
    }
    Authority server = Authority.of(authority);
    boolean isTls = scheme.equals("https");
    return new WebAddress(
        isTls, server.host(), server.port().orElse(isTls ? HTTPS : HTTP), target(uri));
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // Its message repeats the text.
      throw new IllegalArgumentException("it is not an address that can be read");
    }
  }

  private static String target(URI uri) {
    URI ascii = URI.create(uri.toASCIIString());
    String path = ascii.getRawPath() == null ? "" : ascii.getRawPath();
    return (path.isEmpty() ? "/" : path)
        + (ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery());
  }

  boolean hasUsualPort() {
    return port == (isTls ? HTTPS : HTTP);
  }

  /** Where a Location header leads from here. */
  Source resolve(String location) {
    try {
      URI here = URI.create("%s://%s:%d%s".formatted(scheme(), host, port, target));
      return Source.read(here.resolve(new URI(location)).toString());
    } catch (URISyntaxException e) {
      return new Source.Unusable("it is not an address that can be read");
    }
  }

  private String scheme() {
    return isTls ? "https" : "http";
  }

  @Override
  public String toString() {
    return scheme() + "://" + server();
  }

  /** Host, and port where it is not the usual one: the name it has in reasons. */
  String server() {
    return hasUsualPort() ? host.toString() : host + ":" + port;
  }
}
