package sh.cinch.releaseworker.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** First and last address of each range, and the neighbours that are not in it. */
class AddressRangesTest {

  private static AddressClass reach(String address) {
    return AddressRanges.reach(ScriptedDnsResolver.address(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "2000::",
        "2001:200::",
        "2001:db7:ffff:ffff::",
        "2001:db9::",
        "2003::",
        "2a00:1450:4001::1",
        "3ffe:ffff::",
        "3fff:1000::"
      })
  void addressIsPublic(String address) {
    assertThat(reach(address)).isEqualTo(new AddressClass.Public());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.0",
        "127.255.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.168.0.0",
        "192.168.255.255",
        "::1",
        "fc00::",
        "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
      })
  void addressIsPrivate(String address) {
    assertThat(reach(address)).isInstanceOf(AddressClass.Private.class);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          0.0.0.0,                          unspecified
          0.255.255.255,                    unspecified
          100.100.100.200,                  metadata
          168.63.129.16,                    metadata
          169.254.169.254,                  metadata
          169.254.0.0,                      link-local
          169.254.255.255,                  link-local
          192.0.0.0,                        reserved
          192.0.0.192,                      reserved
          192.0.0.255,                      reserved
          192.0.2.0,                        documentation
          192.0.2.255,                      documentation
          192.88.99.1,                      relay
          198.18.0.0,                       benchmarks
          198.19.255.255,                   benchmarks
          198.51.100.0,                     documentation
          198.51.100.255,                   documentation
          203.0.113.0,                      documentation
          203.0.113.255,                    documentation
          224.0.0.0,                        multicast
          239.255.255.255,                  multicast
          240.0.0.0,                        reserved
          255.255.255.254,                  reserved
          255.255.255.255,                  broadcast
          ::,                               unspecified
          ::ffff:127.0.0.1,                 IPv4 address within
          ::ffff:8.8.8.8,                   IPv4 address within
          ::2,                              IPv4 address within
          ::127.0.0.1,                      IPv4 address within
          ::8.8.8.8,                        IPv4 address within
          0:0:1::,                          reserved
          64:ff9b::,                        IPv4 address within
          64:ff9b::7f00:1,                  IPv4 address within
          64:ff9b::ffff:ffff,               IPv4 address within
          64:ff9b:1::,                      IPv4 address within
          64:ff9b:1:ffff:ffff:ffff:7f00:1,  IPv4 address within
          64:ff9b:2::,                      reserved
          100::,                            discards
          100::ffff:ffff:ffff:ffff,         discards
          100:0:0:1::,                      reserved
          1fff:ffff::,                      reserved
          2001::,                           IPv4 address within
          2001:0:ffff:ffff::7f00:1,         IPv4 address within
          2001:1::1,                        reserved
          2001:2::1,                        reserved
          2001:10::1,                       reserved
          2001:1ff:ffff::,                  reserved
          2001:db8::,                       documentation
          2001:db8:ffff:ffff::1,            documentation
          2002::,                           IPv4 address within
          2002:7f00:1::,                    IPv4 address within
          2002:ffff:ffff::,                 IPv4 address within
          3fff::,                           documentation
          3fff:fff:ffff::,                  documentation
          4000::,                           reserved
          5f00::1,                          reserved
          fbff:ffff::,                      reserved
          fd00:ec2::254,                    metadata
          fd20:ce::254,                     metadata
          fe00::,                           reserved
          fe80::,                           link-local
          fe80::a9fe:a9fe,                  link-local
          febf:ffff::,                      link-local
          fec0::,                           site-local
          feff:ffff::,                      site-local
          ff00::,                           multicast
          ff02::1,                          multicast
          ffff:ffff::,                      multicast
          """)
  void addressIsNeverFetchedFrom(String address, String what) {
    assertThat(reach(address))
        .isInstanceOfSatisfying(
            AddressClass.Closed.class, closed -> assertThat(closed.what()).contains(what));
  }
}
