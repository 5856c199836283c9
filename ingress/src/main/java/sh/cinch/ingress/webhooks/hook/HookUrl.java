package sh.cinch.ingress.webhooks.hook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The URL of a hook of ours in its two parts: the address that Cinch is reached by, which may
 * change, and the hook, which tells that it is ours.
 *
 * @param address as {@link #address} writes it
 */
public record HookUrl(String address, UUID hook) {

  /** Empty where it does not end as our URLs do. */
  public static Optional<HookUrl> read(String url) {
    int path = url.lastIndexOf(HookUrls.PATH + "/");
    if (path < 0) {
      return Optional.empty();
    }
    try {
      String id = url.substring(path + HookUrls.PATH.length() + 1);
      UUID hook = UUID.fromString(id.endsWith("/") ? id.substring(0, id.length() - 1) : id);
      return Optional.of(new HookUrl(address(new URI(url.substring(0, path))), hook));
    } catch (IllegalArgumentException | URISyntaxException notOurs) {
      return Optional.empty();
    }
  }

  /** An address in the one way in which it is compared, however somebody wrote it. */
  public static String address(URI url) {
    if (url.getScheme() == null || url.getHost() == null) {
      throw new IllegalArgumentException("not an address: " + url);
    }
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    String port = url.getPort() < 0 || url.getPort() == usual ? "" : ":" + url.getPort();
    String path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
    return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + port + path;
  }

  @Override
  public String toString() {
    return address + HookUrls.PATH + "/" + hook;
  }
}
