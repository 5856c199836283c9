package sh.cinch.bitbucket.client;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Paths of the API, each segment percent-encoded: {@code {uuid}} becomes {@code %7Buuid%7D}. */
final class ApiPath {
  /** Where all calls are, whatever stands before it. */
  static final String ROOT = "/2.0/";

  /** A part that leads up, also where a proxy would drop what follows its semicolon. */
  private static final Pattern UP = Pattern.compile("\\.{1,2}(;.*)?");

  private ApiPath() {}

  static String of(String... segments) {
    return Stream.of(segments).map(ApiPath::encode).collect(Collectors.joining("/", ROOT, ""));
  }

  static String in(RepositoryAddress repository, String... segments) {
    String base = of("repositories", repository.workspace(), repository.repository());
    return Stream.of(segments)
        .map(segment -> "/" + encode(segment))
        .collect(Collectors.joining("", base, ""));
  }

  /** Whether a path, encoded, could lead out of where it seems to, for whoever decodes it. */
  static boolean climbs(String path) {
    String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    return Stream.of(decoded.split("[/\\\\]", -1)).anyMatch(part -> UP.matcher(part).matches());
  }

  private static String encode(String segment) {
    if (segment.isBlank() || segment.equals(".") || segment.equals("..")) {
      throw new IllegalArgumentException("a path to Bitbucket has an empty part, a dot or two");
    }
    // The JDK encodes for forms, where a blank is a plus.
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
