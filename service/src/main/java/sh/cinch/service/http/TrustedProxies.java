package sh.cinch.service.http;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.config.Environment;

/** The proxies that the operator has named: what one of these says of who asks is believed. */
public final class TrustedProxies {

  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  private static final String SETTING = "CINCH_TRUSTED_PROXIES";
  private static final String FORWARDED = "X-Forwarded-For";

  /** Beyond this nobody's list of proxies goes on. */
  private static final int MOST_HOPS = 20;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Range(byte[] address, int bits) {

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      int whole = bits / Byte.SIZE;
      int rest = bits % Byte.SIZE;
      int mask = 0xff << (Byte.SIZE - rest);
      return Arrays.equals(address, 0, whole, other, 0, whole)
          && (rest == 0 || ((address[whole] ^ other[whole]) & mask) == 0);
    }
  }

  private final List<Range> ranges;

  private TrustedProxies(List<Range> ranges) {
    this.ranges = ranges;
  }

  public static TrustedProxies from(Environment environment) {
    Optional<String> setting = environment.optional(SETTING);
    if (setting.isEmpty()) {
      return NONE;
    }
    List<Range> ranges = new ArrayList<>();
    for (String part : setting.get().split(",", -1)) {
      Range range = range(part.strip());
      if (range == null) {
        environment.problem(
            SETTING,
            "is expected as addresses and ranges separated by commas:"
                + " 10.0.0.7,10.1.0.0/16,fd00::/8");
        return NONE;
      }
      ranges.add(range);
    }
    return new TrustedProxies(List.copyOf(ranges));
  }

  private static @Nullable Range range(String text) {
    int slash = text.indexOf('/');
    byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    int longest = address.length * Byte.SIZE;
    if (slash < 0) {
      return new Range(address, longest);
    }
    String bits = text.substring(slash + 1);
    return bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= longest
        ? new Range(address, Integer.parseInt(bits))
        : null;
  }

  /** Four or sixteen; null where it is no address, and no name is ever looked up. */
  private static byte @Nullable [] bytes(String text) {
    return NetUtil.createByteArrayFromIpAddressString(text);
  }

  /** Whether none is named. */
  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /**
   * Where a request comes from: its connection's other end, or, where that is one of these, the
   * right-most address of {@code X-Forwarded-For} that is none of them.
   */
  public ClientAddress client(HttpServerRequest request) {
    if (request.remoteAddress() == null || request.remoteAddress().hostAddress() == null) {
      return ClientAddress.UNKNOWN;
    }
    byte[] nearest = bytes(request.remoteAddress().hostAddress());
    if (nearest == null) {
      return ClientAddress.UNKNOWN;
    }
    return !contains(nearest)
        ? address(nearest)
        : address(behind(nearest, String.join(",", request.headers().getAll(FORWARDED))));
  }

  private byte[] behind(byte[] proxy, String forwarded) {
    String[] hops = forwarded.split(",", -1);
    byte[] nearest = proxy;
    for (int i = hops.length - 1; i >= Math.max(0, hops.length - MOST_HOPS); i--) {
      byte[] hop = bytes(hops[i].strip());
      if (hop == null) {
        return nearest; // what is no address says nothing, and neither does what is left of it
      }
      nearest = hop;
      if (!contains(hop)) {
        return hop;
      }
    }
    return nearest;
  }

  private boolean contains(byte[] address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  private static ClientAddress address(byte[] bytes) {
    try {
      return ClientAddress.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // four or sixteen bytes are an address
    }
  }
}
