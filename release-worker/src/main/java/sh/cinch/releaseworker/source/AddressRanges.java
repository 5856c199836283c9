package sh.cinch.releaseworker.source;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.util.List;

/**
 * Addresses that are not public: IANA's registries of special-purpose addresses (RFC 6890), and
 * where clouds serve credentials to whoever asks from inside.
 */
final class AddressRanges {

  private static final AddressClass PUBLIC = new AddressClass.Public();

  private record Range(IPAddress block, AddressClass reach) {

    static Range closed(String block, String what) {
      return of(block, new AddressClass.Closed(what));
    }

    static Range isPrivate(String block, String what) {
      return of(block, new AddressClass.Private(what));
    }

    static Range of(String block, AddressClass reach) {
      return new Range(new IPAddressString(block).getAddress().toPrefixBlock(), reach);
    }

    boolean has(IPAddress address) {
      return block.contains(address);
    }
  }

  /** The first that has an address decides. */
  private static final List<Range> RANGES =
      List.of(
          Range.closed("169.254.169.254/32", "a cloud's metadata address"),
          Range.closed("100.100.100.200/32", "a cloud's metadata address"),
          Range.closed("168.63.129.16/32", "a cloud's metadata address"),
          Range.closed("0.0.0.0/8", "an unspecified address"),
          Range.isPrivate("10.0.0.0/8", "a private address"),
          Range.isPrivate("100.64.0.0/10", "a provider's private address"),
          Range.isPrivate("127.0.0.0/8", "a loopback address"),
          Range.closed("169.254.0.0/16", "a link-local address"),
          Range.isPrivate("172.16.0.0/12", "a private address"),
          Range.closed("192.0.0.0/24", "a reserved address"),
          Range.closed("192.0.2.0/24", "an address for documentation"),
          Range.closed("192.88.99.0/24", "a relay's address"),
          Range.isPrivate("192.168.0.0/16", "a private address"),
          Range.closed("198.18.0.0/15", "an address for benchmarks"),
          Range.closed("198.51.100.0/24", "an address for documentation"),
          Range.closed("203.0.113.0/24", "an address for documentation"),
          Range.closed("224.0.0.0/4", "a multicast address"),
          Range.closed("255.255.255.255/32", "the broadcast address"),
          Range.closed("240.0.0.0/4", "a reserved address"),
          Range.closed("fd00:ec2::/32", "a cloud's metadata address"),
          Range.closed("fd20:ce::254/128", "a cloud's metadata address"),
          Range.closed("::/128", "an unspecified address"),
          Range.isPrivate("::1/128", "a loopback address"),
          // Mapped, compatible, translated: whatever Java has not unpacked already.
          Range.closed("::/64", "an IPv4 address within IPv6"),
          Range.closed("64:ff9b::/96", "an IPv4 address within IPv6"),
          Range.closed("64:ff9b:1::/48", "an IPv4 address within IPv6"),
          Range.closed("100::/64", "an address that discards"),
          Range.closed("2001::/32", "an IPv4 address within IPv6"),
          Range.closed("2001::/23", "a reserved address"),
          Range.closed("2001:db8::/32", "an address for documentation"),
          Range.closed("2002::/16", "an IPv4 address within IPv6"),
          Range.closed("3fff::/20", "an address for documentation"),
          Range.isPrivate("fc00::/7", "a private address"),
          Range.closed("fe80::/10", "a link-local address"),
          Range.closed("fec0::/10", "a site-local address"),
          Range.closed("ff00::/8", "a multicast address"));

  /** All that IANA has given out for one host to reach another; the rest of IPv6 is not in use. */
  private static final Range UNICAST = Range.of("2000::/3", PUBLIC);

  private AddressRanges() {}

  static AddressClass reach(InetAddress address) {
    // Its bytes: a scope is no part of an address here.
    IPAddress one = new IPAddressGenerator().from(address.getAddress());
    return RANGES.stream()
        .filter(range -> range.has(one))
        .findFirst()
        .map(Range::reach)
        .orElseGet(() -> unlisted(one));
  }

  private static AddressClass unlisted(IPAddress address) {
    return address.isIPv4() || UNICAST.has(address)
        ? PUBLIC
        : new AddressClass.Closed("a reserved address");
  }
}
