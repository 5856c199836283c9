package sh.cinch.releaseworker.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import sh.cinch.service.Running;
import sh.cinch.service.config.Environment;
import sh.cinch.service.secret.Secret;

/**
 * A server on this machine, names that a test chooses, and sources over both. Every address has a
 * query and a fragment that no reason may repeat.
 */
abstract class SourcesFixture {

  static final UUID REPOSITORY = UUID.fromString("7a1f0000-0000-4000-8000-000000000001");
  static final String SIGNED = "?signature=s3cr3t#fr4gment";
  static final String SERVICE_SECRET = "the-w0rker-s-own-secret";
  static final Duration LONG = Duration.ofSeconds(20);

  /** Of all tests: one of its own costs more than most of them do. */
  static final Vertx vertx = Vertx.vertx();

  final Running running = new Running();
  final ScriptedDnsResolver names = new ScriptedDnsResolver();
  FileServer server = new FileServer(vertx);
  Limits limits = new Limits(LONG, Duration.ofSeconds(5), LONG, LONG);
  AddressClass.Chart chart = AddressRanges::reach;
  HttpClientOptions client = new HttpClientOptions();

  @BeforeEach
  void nameTheServer() {
    names.are("files.example.com", "127.0.0.1");
  }

  @AfterEach
  void close() {
    running.close();
    server.close();
  }

  /** Sources that may use the server by its name, and nothing else. */
  Sources sources() {
    return sources("", "files.example.com:" + server.port());
  }

  Sources sources(String hosts, String privateHosts) {
    return sources(hosts, privateHosts, server.port());
  }

  Sources sources(String hosts, String privateHosts, int ingressPort) {
    SourceRules rules = rules(hosts, privateHosts);
    return running.with(
        new Sources(
            new SourceResolver(vertx, rules, names, chart, limits.name()),
            new Web(vertx, client, limits),
            URI.create("http://127.0.0.1:" + ingressPort),
            Secret.of(SERVICE_SECRET)));
  }

  static SourceRules rules(String hosts, String privateHosts) {
    return Environment.read(
        Map.of(SourceRules.HOSTS, hosts, SourceRules.PRIVATE_HOSTS, privateHosts),
        SourceRules::from);
  }

  /** Bound to its port, so that nobody else takes it, and deaf. */
  static Socket deaf() throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return socket;
  }

  /** The server's, by its name. */
  String source() {
    return "http://files.example.com:%d/app.zip%s".formatted(server.port(), SIGNED);
  }

  Opened open(long size) {
    return sources().open(REPOSITORY, source(), size);
  }

  static Opened.Content content(Opened opened) {
    assertThat(opened).isInstanceOf(Opened.Content.class);
    return (Opened.Content) opened;
  }

  static String refused(Opened opened) {
    assertThat(opened).isInstanceOf(Opened.Refused.class);
    return discreet(((Opened.Refused) opened).reason());
  }

  static String notNow(Opened opened) {
    assertThat(opened).isInstanceOf(Opened.NotNow.class);
    return discreet(((Opened.NotNow) opened).reason());
  }

  static String discreet(String reason) {
    assertThat(reason)
        .doesNotContain("s3cr3t", "fr4gment", "signature", "passw0rd", SERVICE_SECRET)
        .doesNotContain("\n", "\r");
    return reason;
  }

  /** All bytes from now on, or why there are not all. */
  static CompletableFuture<String> all(Opened.Content content) {
    var all = new CompletableFuture<String>().orTimeout(30, TimeUnit.SECONDS);
    Buffer bytes = Buffer.buffer();
    content
        .bytes()
        .exceptionHandler(all::completeExceptionally)
        .handler(bytes::appendBuffer)
        .endHandler(end -> all.complete(bytes.toString()))
        .resume();
    return all;
  }
}
