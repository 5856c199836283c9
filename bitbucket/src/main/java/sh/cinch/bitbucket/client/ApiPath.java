package sh.cinch.bitbucket.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Paths of the API, each segment percent-encoded: {@code {uuid}} becomes {@code %7Buuid%7D}. */
final class ApiPath {
  private ApiPath() {}

  static String of(String... segments) {
    return Stream.of(segments).map(ApiPath::encode).collect(Collectors.joining("/", "/2.0/", ""));
  }

  static String in(RepositoryAddress repository, String... segments) {
    String base = of("repositories", repository.workspace(), repository.repository());
    return Stream.of(segments)
        .map(segment -> "/" + encode(segment))
        .collect(Collectors.joining("", base, ""));
  }

  private static String encode(String segment) {
    if (segment.isBlank() || segment.equals(".") || segment.equals("..")) {
      throw new IllegalArgumentException("a path to Bitbucket has an empty part, a dot or two");
    }
    // The JDK encodes for forms, where a blank is a plus.
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
