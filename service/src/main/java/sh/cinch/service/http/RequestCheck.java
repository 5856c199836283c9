package sh.cinch.service.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** Whether a request's head means one thing only, as far as the decoder has let it through. */
final class RequestCheck {

  private RequestCheck() {}

  /** What is wrong, in words that quote nothing; empty where nothing is. */
  static Optional<String> wrong(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.CONNECT)) {
      return Optional.of("CONNECT is not for this server.");
    }
    if (!hasOneHost(request)) {
      return Optional.of("Exactly one Host is expected, with a name and maybe a port.");
    }
    if (!hasOneFraming(request)) {
      return Optional.of(
          "A body has either one Content-Length, or Transfer-Encoding: chunked and nothing else.");
    }
    if (!isAddress(request)) {
      return Optional.of("The address is expected to begin with / and to name no other host.");
    }
    return PercentCoding.isReadable(request.uri())
        ? Optional.empty()
        : Optional.of("The address cannot be decoded: % goes before two hex digits, as UTF-8.");
  }

  private static boolean hasOneHost(HttpServerRequest request) {
    int hosts = request.headers().getAll(HttpHeaders.HOST).size();
    return hosts == 0
        ? request.version() == HttpVersion.HTTP_1_0
        : hosts == 1
            && !request.getHeader(HttpHeaders.HOST).isBlank()
            && request.authority() != null;
  }

  private static boolean hasOneFraming(HttpServerRequest request) {
    MultiMap headers = request.headers();
    List<String> lengths = headers.getAll(HttpHeaders.CONTENT_LENGTH);
    List<String> encodings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
    if (encodings.isEmpty()) {
      return lengths.size() <= 1;
    }
    return lengths.isEmpty()
        && encodings.size() == 1
        && encodings.get(0).equalsIgnoreCase("chunked")
        && request.version() == HttpVersion.HTTP_1_1;
  }

  /** Also the absolute form, where it is the same host's. */
  private static boolean isAddress(HttpServerRequest request) {
    String uri = request.uri();
    if (uri.startsWith("/")) {
      return true;
    }
    try {
      URI absolute = new URI(uri);
      return ("http".equalsIgnoreCase(absolute.getScheme())
              || "https".equalsIgnoreCase(absolute.getScheme()))
          && absolute.getRawAuthority() != null
          && absolute.getRawAuthority().equalsIgnoreCase(request.getHeader(HttpHeaders.HOST));
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
