package sh.cinch.releaseworker.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.testkit.Proof;

/** A source leads nowhere that the operator has not allowed. */
@Execution(ExecutionMode.CONCURRENT)
class SsrfTest extends SourcesFixture {

  private static final AtomicInteger REFUSED = new AtomicInteger();
  private static final AtomicInteger REDIRECTED = new AtomicInteger();
  private static final AtomicInteger CONNECTED = new AtomicInteger();

  @AfterAll
  static void proof() {
    Proof.of("Sources that must not be fetched")
        .that(
            "Loopback, link-local, metadata, private and reserved addresses as literals and behind"
                + " names, odd forms of addresses, other schemes, credentials, hosts that nobody"
                + " named; each by itself and as the target of a redirect")
        .figure("sources refused, each with its reason", REFUSED.get())
        .figure("redirects refused, each with its reason", REDIRECTED.get())
        .figure("connections to the server that they were aimed at", CONNECTED.get())
        .written();
  }

  private Sources sources(SsrfCases.Case attempt) {
    String files = "files.example.com:" + server.port();
    return sources(
        attempt.hosts().isEmpty() ? files : files + "," + withPort(attempt.hosts()),
        "start.example.com:" + server.port());
  }

  private String withPort(String text) {
    return text.replace("PORT", String.valueOf(server.port()));
  }

  private ScriptedDnsResolver resolving(SsrfCases.Case attempt) {
    names.are("start.example.com", "127.0.0.1");
    names.forget("files.example.com");
    if (!attempt.addresses().isEmpty()) {
      names.are("files.example.com", attempt.addresses().toArray(String[]::new));
    }
    return names;
  }

  @ParameterizedTest
  @MethodSource("sh.cinch.releaseworker.source.SsrfCases#all")
  void sourceIsRefusedAndNobodyIsConnectedTo(SsrfCases.Case attempt) {
    resolving(attempt);

    Opened opened = sources(attempt).open(REPOSITORY, withPort(attempt.source()), 10);

    assertThat(refused(opened)).contains(attempt.reason());
    CONNECTED.addAndGet(server.connections());
    assertThat(server.connections()).isZero();
    REFUSED.incrementAndGet();
  }

  @ParameterizedTest
  @MethodSource("sh.cinch.releaseworker.source.SsrfCases#redirects")
  void redirectThereIsRefused(SsrfCases.Case attempt) {
    resolving(attempt);
    server.redirectsTo(withPort(attempt.source()));

    Opened opened =
        sources(attempt)
            .open(REPOSITORY, "http://start.example.com:" + server.port() + "/a" + SIGNED, 10);

    assertThat(refused(opened)).contains("start.example.com:" + server.port() + " redirects");
    CONNECTED.addAndGet(server.connections() - 1);
    assertThat(server.requests()).as("of the redirect alone").hasSize(1);
    assertThat(server.connections()).isEqualTo(1);
    REDIRECTED.incrementAndGet();
  }

  @ParameterizedTest
  @MethodSource({
    "sh.cinch.releaseworker.source.SsrfCases#literal",
    "sh.cinch.releaseworker.source.SsrfCases#oddLiterals",
    "sh.cinch.releaseworker.source.SsrfCases#unnamed",
    "sh.cinch.releaseworker.source.SsrfCases#unreadable"
  })
  void objectionNeedsNoNetwork(SsrfCases.Case attempt) {
    resolving(attempt);

    assertThat(sources(attempt).objection(withPort(attempt.source())))
        .hasValueSatisfying(why -> assertThat(discreet(why)).contains(attempt.reason()));
    assertThat(names.asked("files.example.com")).isZero();
    assertThat(server.connections()).isZero();
  }

  @Test
  void nothingIsSaidAgainstSourcesThatMayBeUsed() {
    try (Sources sources = sources("files.example.com", "nas.internal:8080")) {
      for (String source :
          List.of(
              "https://files.example.com/a?b=c#d",
              "HTTPS://FILES.EXAMPLE.COM:443",
              "http://nas.internal:8080/ä/b",
              "artifact:7a1f0000-0000-4000-8000-000000000001")) {
        assertThat(sources.objection(source)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "fd00:ec2::254",
        "169.254.1.1",
        "fe80::1",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::"
      })
  void notEvenPrivateHostsMayBeThere(String address) {
    names.forget("files.example.com");
    names.are("files.example.com", "127.0.0.1", address);

    assertThat(refused(open(10))).contains("which is never fetched from");
    assertThat(server.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1", "fd12::1"})
  void privateHostMayBeAtAPrivateAddress(String address) {
    names.are("nas.internal", address);
    SourceResolver lookup =
        new SourceResolver(vertx, rules("", "nas.internal"), names, AddressRanges::reach, LONG);
    WebAddress source = ((Source.Web) Source.read("https://nas.internal/a")).address();

    assertThat(lookup.find(source))
        .isEqualTo(new SourceResolver.Found.At(List.of(ScriptedDnsResolver.address(address))));
  }

  /** Where 127.0.0.1 is as public as any address, and 127.0.0.2 is what an attacker is after. */
  @Test
  void secondAnswerOfANameIsNeverUsed() {
    chart =
        address ->
            address.getHostAddress().equals("127.0.0.1")
                ? new AddressClass.Public()
                : AddressRanges.reach(address);
    names.are("rebound.example.com", "127.0.0.1");
    names.are("rebound.example.com", "127.0.0.2");
    server.gives("the file");
    String host = "rebound.example.com:" + server.port();

    try (Sources sources = sources(host, "")) {
      String bytes = all(content(sources.open(REPOSITORY, "http://" + host + "/a", 8))).join();

      assertThat(bytes).isEqualTo("the file");
      assertThat(names.asked("rebound.example.com")).isOne();
      assertThat(server.onlyRequest().localAddress().hostAddress()).isEqualTo("127.0.0.1");
      assertThat(server.onlyRequest().getHeader("Host")).isEqualTo(host);

      assertThat(refused(sources.open(REPOSITORY, "http://" + host + "/a", 8)))
          .contains("loopback");
      assertThat(names.asked("rebound.example.com")).isEqualTo(2);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void nameThatIsReboundBetweenRedirectsIsCheckedEachTime() {
    chart =
        address ->
            address.getHostAddress().equals("127.0.0.1")
                ? new AddressClass.Public()
                : AddressRanges.reach(address);
    names.are("rebound.example.com", "127.0.0.1");
    names.are("rebound.example.com", "127.0.0.2");
    server.redirectsTo("/b");
    String host = "rebound.example.com:" + server.port();

    try (Sources sources = sources(host, "")) {
      assertThat(refused(sources.open(REPOSITORY, "http://" + host + "/a", 8)))
          .contains("redirects", "loopback");
      assertThat(server.requests()).hasSize(1);
    }
  }
}
