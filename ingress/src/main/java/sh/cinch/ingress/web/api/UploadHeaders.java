package sh.cinch.ingress.web.api;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sh.cinch.service.http.Problem;

/**
 * What the headers of an upload say.
 *
 * @param sha256 of the whole file, 64 hex digits
 * @param size of the whole file
 * @param from where the body goes on; empty where it is the whole file
 */
record UploadHeaders(String sha256, long size, OptionalLong from) {

  /** RFC 3230; several algorithms may stand side by side. */
  private static final Pattern DIGEST =
      Pattern.compile(
          "(?:^|,)\\s*sha-256\\s*=\\s*([A-Za-z0-9+/]+={0,2})\\s*(?=,|$)", Pattern.CASE_INSENSITIVE);

  /** RFC 9530. */
  private static final Pattern REPR_DIGEST =
      Pattern.compile("(?:^|,)\\s*sha-256\\s*=\\s*:([A-Za-z0-9+/]+={0,2}):\\s*(?=,|;|$)");

  private static final Pattern RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private static final int SHA256_BYTES = 32;

  /**
   * @throws Problem naming the header that is missing or wrong
   */
  static UploadHeaders read(MultiMap headers) {
    String encoding = headers.get(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new Problem(
          415, "Compressed", "Send the bytes as they are, without a Content-Encoding.");
    }
    long length = length(headers);
    String digest = digest(headers);
    String range = headers.get(HttpHeaders.CONTENT_RANGE);
    return range == null
        ? new UploadHeaders(digest, length, OptionalLong.empty())
        : ranged(digest, length, range);
  }

  private static long length(MultiMap headers) {
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    if (length == null) {
      throw new Problem(
          411, "Length needed", "Send a Content-Length: Cinch must know how much will come.");
    }
    if (!LENGTH.matcher(length).matches()) {
      throw malformed("Content-Length is not a number of bytes.");
    }
    return Long.parseLong(length);
  }

  private static String digest(MultiMap headers) {
    Optional<String> old = sha256(headers.getAll("Digest"), DIGEST);
    Optional<String> own = sha256(headers.getAll("Repr-Digest"), REPR_DIGEST);
    if (old.isPresent() && own.isPresent() && !old.equals(own)) {
      throw malformed("Digest and Repr-Digest contradict each other; send one of them.");
    }
    return old.or(() -> own)
        .orElseThrow(
            () ->
                malformed(
                    "Send the SHA-256 of the whole file in base64, as Digest: sha-256=<base64>"
                        + " or Repr-Digest: sha-256=:<base64>:"));
  }

  private static Optional<String> sha256(Iterable<String> values, Pattern pattern) {
    Matcher found = pattern.matcher(String.join(",", values));
    if (!found.find()) {
      return Optional.empty();
    }
    byte[] bytes = decoded(found.group(1));
    if (bytes.length != SHA256_BYTES) {
      throw malformed(
          "The digest has %d bytes, not the 32 of a SHA-256; it is sent in base64, not in hex."
              .formatted(bytes.length));
    }
    return Optional.of(HexFormat.of().formatHex(bytes));
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw malformed("The digest is not in base64.");
    }
  }

  private static UploadHeaders ranged(String digest, long length, String range) {
    Matcher parts = RANGE.matcher(range.strip());
    if (!parts.matches()) {
      throw malformed(
          "Content-Range is expected as 'bytes k-e/N': from byte k to the last one, e = N - 1,"
              + " of a file of N bytes.");
    }
    long from = Long.parseLong(parts.group(1));
    long last = Long.parseLong(parts.group(2));
    long size = Long.parseLong(parts.group(3));
    if (last != size - 1 || from > last || length != size - from) {
      throw malformed(
          "Content-Range and Content-Length contradict each other: the body must be the whole rest,"
              + " from byte k to the end of the file.");
    }
    return new UploadHeaders(digest, size, OptionalLong.of(from));
  }

  private static Problem malformed(String detail) {
    return new Problem(400, "Malformed request", detail);
  }
}
