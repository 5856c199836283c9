package sh.cinch.releaseworker.source;

import java.util.List;
import java.util.stream.Stream;

/** Sources by which somebody could try to have Cinch fetch what is not theirs. */
final class SsrfCases {

  /**
   * @param source PORT stands for the port of a server on this machine
   * @param hosts what CINCH_SOURCE_HOSTS says, beside files.example.com:PORT
   * @param addresses what files.example.com is resolved to
   * @param reason a part of what is answered
   */
  record Case(String source, String hosts, List<String> addresses, String reason) {
    @Override
    public String toString() {
      return source + " " + addresses;
    }
  }

  private static final String BY_NAME = "http://files.example.com:PORT/latest/meta-data/";
  private static final String RELATIVE = "does not begin with";
  private static final String PUBLIC = "93.184.215.14";

  /** One address of each kind that is not public, and what it is called. */
  private static final List<String[]> ADDRESSES =
      List.of(
          kind("127.0.0.1", "loopback"),
          kind("127.8.8.8", "loopback"),
          kind("0.0.0.0", "unspecified"),
          kind("10.1.2.3", "private"),
          kind("172.16.0.1", "private"),
          kind("172.31.255.254", "private"),
          kind("192.168.1.1", "private"),
          kind("100.64.0.1", "private"),
          kind("100.100.100.200", "metadata"),
          kind("168.63.129.16", "metadata"),
          kind("169.254.169.254", "metadata"),
          kind("169.254.1.1", "link-local"),
          kind("192.0.0.192", "reserved"),
          kind("192.0.2.1", "documentation"),
          kind("198.51.100.1", "documentation"),
          kind("203.0.113.1", "documentation"),
          kind("192.88.99.1", "relay"),
          kind("198.18.0.1", "benchmarks"),
          kind("224.0.0.1", "multicast"),
          kind("240.0.0.1", "reserved"),
          kind("255.255.255.255", "broadcast"),
          kind("::", "unspecified"),
          kind("::1", "loopback"),
          kind("::127.0.0.1", "IPv4 address within IPv6"),
          kind("64:ff9b::7f00:1", "IPv4 address within IPv6"),
          kind("64:ff9b:1::a9fe:a9fe", "IPv4 address within IPv6"),
          kind("2001:0:4136:e378:8000:63bf:3fff:fdd2", "IPv4 address within IPv6"),
          kind("2002:7f00:1::", "IPv4 address within IPv6"),
          kind("2001:db8::1", "documentation"),
          kind("3fff::1", "documentation"),
          kind("2001:2::1", "reserved"),
          kind("100::1", "discards"),
          kind("fc00::1", "private"),
          kind("fd12:3456:789a::1", "private"),
          kind("fd00:ec2::254", "metadata"),
          kind("fe80::1", "link-local"),
          kind("fe80::a9fe:a9fe", "link-local"),
          kind("fec0::1", "site-local"),
          kind("ff02::1", "multicast"),
          kind("5f00::1", "reserved"));

  private SsrfCases() {}

  static Stream<Case> all() {
    return Stream.of(resolved(), amongOthers(), literal(), oddLiterals(), unnamed(), unreadable())
        .flatMap(cases -> cases);
  }

  /** Those that a Location header can carry, and that lead elsewhere from there. */
  static Stream<Case> redirects() {
    return all()
        .filter(attempt -> attempt.source().matches("[\\x21-\\x7e]{1,4000}"))
        .filter(attempt -> !attempt.reason().equals(RELATIVE));
  }

  /** A host that is allowed, and lies where it should not. */
  static Stream<Case> resolved() {
    return Stream.concat(
            ADDRESSES.stream(),
            Stream.of(
                kind("::ffff:127.0.0.1", "IPv4 address within IPv6"),
                kind("::ffff:8.8.8.8", "IPv4 address within IPv6")))
        .map(kind -> new Case(BY_NAME, "", List.of(kind[0]), kind[1]));
  }

  /** One answer of several is enough. */
  static Stream<Case> amongOthers() {
    return ADDRESSES.stream()
        .map(kind -> new Case(BY_NAME, "", List.of(PUBLIC, kind[0], PUBLIC), kind[1]));
  }

  /** Allowed by its address even, but not as a private host. */
  static Stream<Case> literal() {
    return ADDRESSES.stream()
        .filter(kind -> !kind[0].startsWith("::127"))
        .map(kind -> literal(kind[0].contains(":") ? "[" + kind[0] + "]" : kind[0], kind[1]));
  }

  /** What one resolver or another takes for 127.0.0.1. */
  static Stream<Case> oddLiterals() {
    return Stream.of(
            "127.1",
            "127.0.1",
            "2130706433",
            "0177.0.0.1",
            "00000177.0.0.1",
            "017700000001",
            "0x7f.0.0.1",
            "0x7f.1",
            "0x7f000001",
            "0X7F000001",
            "127.0.0.0x1",
            "127.0.0.01",
            "127.0.0.256",
            "0",
            "127.0.0.1.1",
            "①②⑦.⓪.⓪.①.0",
            "[::127.0.0.1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:7f00:1]")
        .map(host -> new Case("http://" + host + ":PORT/", "", List.of(), "odd form"));
  }

  /** Other hosts, however they are written. */
  static Stream<Case> unnamed() {
    return Stream.of(
            "http://evil.example/",
            "http://127.0.0.1:PORT/",
            "http://[::1]:PORT/",
            "http://localhost:PORT/",
            "http://files.example.com/",
            "http://files.example.com:1/",
            "https://files.example.com/",
            "http://a.files.example.com:PORT/",
            "http://files.example.com.evil.example:PORT/",
            "http://filesxexample.com:PORT/",
            "http://files.examp1e.com:PORT/",
            "http://files.ехаmple.com:PORT/",
            "http://xn--files-example-com.evil:PORT/",
            "http://①②⑦。⓪｡⓪．①:PORT/",
            "http://127。0。0。1:PORT/",
            "//evil.example/".replaceFirst("^", "http:"))
        .map(source -> new Case(source, "", List.of(), "is not allowed"));
  }

  /** What is no web address, or two readers could read in two ways. */
  static Stream<Case> unreadable() {
    return Stream.of(
        bad("ftp://files.example.com:PORT/a", "begins with ftp:"),
        bad("file:///etc/passwd", "begins with file:"),
        bad("gopher://127.0.0.1:PORT/_GET%20/", "begins with gopher:"),
        bad("dict://127.0.0.1:PORT/stat", "begins with dict:"),
        bad("ldap://127.0.0.1:PORT/", "begins with ldap:"),
        bad("jar:http://127.0.0.1:PORT/a.jar!/", "begins with jar:"),
        bad("data:text/plain,hello", "begins with data:"),
        bad("javascript:alert(1)", "begins with javascript:"),
        bad("ws://files.example.com:PORT/", "begins with ws:"),
        bad("unix:/var/run/docker.sock", "begins with unix:"),
        bad("netdoc:///etc/passwd", "begins with netdoc:"),
        bad("files.example.com/a", RELATIVE),
        bad("//files.example.com:PORT/a", RELATIVE),
        bad("/etc/passwd", RELATIVE),
        bad("", RELATIVE),
        bad("http:", "not an address"),
        bad("http://", "not an address"),
        bad("http:///a", "no host"),
        bad("http:files.example.com", "no host"),
        bad("http:/files.example.com", "no host"),
        bad("http://:PORT/", "HOST"),
        bad("http://user@files.example.com:PORT/", "a user or password"),
        bad("http://user:passw0rd@files.example.com:PORT/", "a user or password"),
        bad("http://:passw0rd@files.example.com:PORT/", "a user or password"),
        bad("http://files.example.com:passw0rd@127.0.0.1:PORT/", "a user or password"),
        bad("http://files.example.com@127.0.0.1:PORT/", "a user or password"),
        bad("http://a@b@127.0.0.1:PORT/", "a user or password"),
        bad("http://files.example.com＠127.0.0.1:PORT/", "not a name"),
        bad("http://127.0.0.1\\@files.example.com:PORT/", "can be read"),
        bad("http://files.example.com\\.evil.example/", "can be read"),
        bad("http://files.example.com:PORT:80/", "HOST"),
        bad("http://files.example.com:0/", "port"),
        bad("http://files.example.com:65536/", "port"),
        bad("http://files.example.com:99999999999/", "HOST"),
        bad("http://files.example.com:/", "HOST"),
        bad("http://files.example.com.:PORT/", "ends in a dot"),
        bad("http://127.0.0.1.:PORT/", "ends in a dot"),
        bad("http://files..example.com:PORT/", "not a name"),
        bad("http://%66iles.example.com:PORT/", "not a name"),
        bad("http://%31%32%37.0.0.1:PORT/", "not a name"),
        bad("http://files_example.com:PORT/", "not a name"),
        bad("http://[::1%25lo]:PORT/", "not an IPv6 address"),
        bad("http://[::1/", "can be read"),
        bad("http://files.example.com:PORT/a b", "a space or a control character"),
        bad("http://files.example.com:PORT/\r\nHost: evil", "a space or a control character"),
        bad("http://files.example.com\t:PORT/", "a space or a control character"),
        bad(" http://files.example.com:PORT/", "a space or a control character"),
        bad("http://files.example.com:PORT/\u0000", "a space or a control character"),
        bad("http://files.example.com:PORT/\u0085", "a space or a control character"),
        bad("http://files.example.com:PORT/\u2028", "a space or a control character"),
        bad("http://files.example.com:PORT/\ud800", "a space or a control character"),
        bad("http://files.example.com:PORT/" + "a".repeat(8192), "longer than 8192"),
        bad("artifact:", "artifact's id"),
        bad("artifact:1-2-3-4-5", "artifact's id"),
        bad("artifact:../../health", "artifact's id"),
        bad("artifact:7a1f0000-0000-4000-8000-000000000001/../x", "artifact's id"));
  }

  private static Case literal(String host, String what) {
    return new Case("http://" + host + ":PORT/", host + ":PORT", List.of(), what);
  }

  private static Case bad(String source, String reason) {
    return new Case(source, "", List.of(), reason);
  }

  private static String[] kind(String address, String what) {
    return new String[] {address, what};
  }
}
