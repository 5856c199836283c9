package sh.cinch.service.trace;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.http.RequestLimits;

/**
 * The W3C {@code traceparent} header, version 00.
 *
 * @param trace 32 hex digits, the same from the request to the last call
 * @param span 16 hex digits, one for each hop
 * @param flags 2 hex digits
 */
public record Traceparent(String trace, String span, String flags) {

  public static final String HEADER = "traceparent";

  private static final Pattern FORM =
      Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})");

  /** Empty where the header is absent or malformed: a trace then begins here. */
  public static Optional<Traceparent> parse(@Nullable String header) {
    return Optional.ofNullable(header)
        .filter(text -> text.length() == RequestLimits.TRACEPARENT)
        .map(FORM::matcher)
        .filter(java.util.regex.Matcher::matches)
        .map(form -> new Traceparent(form.group(1), form.group(2), form.group(3)));
  }

  public static Traceparent begin() {
    return new Traceparent(hex(16), hex(8), "01");
  }

  public static Traceparent continued(@Nullable String header) {
    return parse(header).map(Traceparent::child).orElseGet(Traceparent::begin);
  }

  /** The next hop of the same trace. */
  public Traceparent child() {
    return new Traceparent(trace, hex(8), flags);
  }

  @Override
  public String toString() {
    return "00-" + trace + "-" + span + "-" + flags;
  }

  private static String hex(int bytes) {
    byte[] random = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(random);
    random[0] |= 1; // never all zero, which the format forbids
    return HexFormat.of().formatHex(random);
  }
}
