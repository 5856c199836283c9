package sh.cinch.bitbucket.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who a URL belongs to: credentials for one origin are never sent to another. */
record Origin(String scheme, String host, int port) {

  /**
   * @throws IllegalArgumentException where it is no plain http(s) address
   */
  static Origin of(URI api) {
    Origin origin = read(api);
    if (origin == null) {
      throw new IllegalArgumentException(
          "Bitbucket's API address must be like https://api.bitbucket.org, without credentials");
    }
    return origin;
  }

  boolean owns(String url) {
    try {
      return equals(read(new URI(url)));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static @Nullable Origin read(URI url) {
    if (url.getScheme() == null || url.getHost() == null || url.getRawUserInfo() != null) {
      return null;
    }
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    int standard =
        switch (scheme) {
          case "https" -> 443;
          case "http" -> 80;
          default -> 0;
        };
    if (standard == 0) {
      return null;
    }
    int port = url.getPort() < 0 ? standard : url.getPort();
    return new Origin(scheme, url.getHost().toLowerCase(Locale.ROOT), port);
  }
}
