package sh.cinch.bitbucket.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.http.Request;
import sh.cinch.bitbucket.http.Request.Method;

/**
 * Writes requests to the API.
 *
 * @param authorization asked anew for each request: a lease may be replaced between two pages
 * @param headers asked anew for each request, e.g. for {@code traceparent}
 */
record ApiRequests(URI api, Supplier<String> authorization, Supplier<Map<String, String>> headers) {

  ApiRequests with(Supplier<Map<String, String>> other) {
    return new ApiRequests(api, authorization, other);
  }

  String absolute(String path) {
    return base() + path;
  }

  /**
   * The same path and query at our own address of the API, whatever host and base path the link
   * names; empty where it does not lead into the API.
   */
  Optional<String> own(String link) {
    try {
      URI uri = new URI(link);
      String path = uri.getRawPath();
      if (path == null || !path.startsWith("/") || ApiPath.climbs(path)) {
        return Optional.empty();
      }
      String prefix = new URI(base()).getRawPath();
      int begin =
          path.indexOf(ApiPath.ROOT, path.startsWith(prefix + ApiPath.ROOT) ? prefix.length() : 0);
      return begin < 0
          ? Optional.empty()
          : Optional.of(
              absolute(path.substring(begin))
                  + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private String base() {
    String base = api.toString();
    return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
  }

  Request json(Method method, String url, @Nullable String body) {
    return request(
        method, url, body == null ? Map.of() : Map.of("Content-Type", "application/json"), body);
  }

  /** For a body that is sent apart. */
  Request streamed(Method method, String url, String contentType, long contentLength) {
    return request(
        method,
        url,
        Map.of("Content-Type", contentType, "Content-Length", String.valueOf(contentLength)),
        null);
  }

  private Request request(
      Method method, String url, Map<String, String> own, @Nullable String body) {
    String credential = authorization.get();
    var all = new HashMap<String, String>(headers.get());
    all.put("Authorization", credential);
    all.put("Accept", "application/json");
    all.putAll(own);
    String bare = credential.substring(credential.indexOf(' ') + 1);
    return new Request(method, url, all, body, List.of(bare));
  }
}
