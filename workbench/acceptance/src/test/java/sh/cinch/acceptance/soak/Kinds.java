package sh.cinch.acceptance.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import sh.cinch.acceptance.soak.Kind.Talk;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.testkit.Scale;

/** All that is tried: of every limit that a request can be brought up to, or past. */
final class Kinds {

  private static final String SIGNATURE = "X-Hub-Signature: sha256=" + "0".repeat(64) + "\r\n";
  private static final String TOKEN = "Authorization: Bearer cinch_" + "b".repeat(43) + "\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String LONG = "x".repeat(4_000);
  private static final Duration SOON = Duration.ofSeconds(1);

  /** There are so many that this machine has no time for more. */
  private static final Duration LATER = Duration.ofSeconds(Scale.of(1, 10));

  private static final int GARBAGE = 2_000;
  private static final int PIPELINED = 200;
  private static final List<String> AMBIGUOUS =
      List.of(
          "Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
          "Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "Host: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n");

  private final Target target;
  private final List<Kind> kinds = new ArrayList<>();

  private Kinds(Target target) {
    this.target = target;
  }

  static List<Kind> against(Target target) {
    Kinds kinds = new Kinds(target);
    kinds.bodies();
    kinds.drips();
    kinds.heads();
    kinds.connections();
    return kinds.kinds;
  }

  private void bodies() {
    byte[] delivery = body(RequestLimits.DELIVERY);
    String unknown = "/webhooks/bitbucket/" + UUID.randomUUID();
    add("deliveries to no hook", posted(unknown, hook("{" + UUID.randomUUID() + "}"), delivery));
    add("deliveries to a hook", posted(target.other(), delivery));
    add("deliveries to the honest hook", posted(target.honest(), delivery));
    byte[] call = body(RequestLimits.API_BODY);
    add("API calls without a token", posted("/api/v1/repositories", JSON, call));
    add("API calls with a wrong token", posted("/api/v1/repositories", JSON + TOKEN, call));
    add("forms", posted("/connect", "Cookie: cinch-session=x\r\n", body(RequestLimits.FORM)));
    byte[] chunks = "1\r\nx\r\n".repeat(100_000).getBytes(ISO_8859_1);
    String chunked = "Transfer-Encoding: chunked\r\n\r\n";
    add("chunks of one byte", sent(head("POST", target.other()) + chunked, chunks));
  }

  private void drips() {
    String length = "Content-Length: 4000\r\n\r\n";
    add("dripping deliveries to a hook", drips(head("POST", target.other()) + length));
    add("dripping deliveries to the honest hook", drips(head("POST", target.honest()) + length));
    add("dripping API calls", drips(head("POST", "/api/v1/repositories", JSON + TOKEN) + length));
    String upload = "Digest: sha-256=" + "A".repeat(43) + "=\r\n" + TOKEN;
    add(
        "dripping artifacts",
        drips(head("PUT", "/api/v1/artifacts?repository=" + UUID.randomUUID(), upload) + length));
    add("dripping headers", drips(head("GET", "/") + "X-Long: "));
    add("dripping request lines", drips("GET /"));
  }

  private void heads() {
    List<byte[]> ambiguous =
        AMBIGUOUS.stream()
            .map(rest -> "POST %s HTTP/1.1\r\n".formatted(target.honest().getPath()) + rest)
            .map(text -> text.getBytes(ISO_8859_1))
            .toList();
    for (int i = 0; i < ambiguous.size(); i++) {
      add("ambiguous requests, " + (i + 1), sent("", ambiguous.get(i)));
    }
    byte[] garbage = new byte[GARBAGE];
    new Random(1).nextBytes(garbage);
    add("garbage", sent("", garbage));
    add("HTTP/2", sent("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", new byte[9]));
    add("live pages without a session", sent(head("GET", "/events"), bytes("\r\n")));
  }

  private void connections() {
    add("silent connections", Line::untilClosed);
    kinds.add(new Kind("connections that go at once", target.port(), SOON, line -> {}));
    byte[] pipelined = bytes((head("GET", "/api/v1/openapi.json") + "\r\n").repeat(PIPELINED));
    add(
        "answers that nobody reads",
        line -> {
          line.send(pipelined);
          line.drip(LONG);
        });
    kinds.add(
        new Kind(
            "silent connections for operators", target.management(), LATER, Line::untilClosed));
    kinds.add(
        new Kind(
            "dripping headers for operators",
            target.management(),
            LATER,
            drips("GET / HTTP/1.1\r\nX: ")));
  }

  private void add(String name, Talk talk) {
    kinds.add(new Kind(name, target.port(), LATER, talk));
  }

  private Talk posted(URI hook, byte[] body) {
    return posted(hook.getPath(), hook(target.hookUuid()), body);
  }

  private static Talk posted(String path, String headers, byte[] body) {
    return sent(
        head("POST", path, headers) + "Content-Length: %d\r\n\r\n".formatted(body.length), body);
  }

  /** Again and again, for as long as it is answered. */
  private static Talk sent(String head, byte[] body) {
    return line -> {
      do {
        line.send(head);
        line.send(body);
      } while (line.isAnswered());
    };
  }

  private static Talk drips(String begin) {
    return line -> {
      line.send(begin);
      line.drip(LONG);
    };
  }

  private String head(String method, URI hook) {
    return head(method, hook.getPath(), hook(target.hookUuid()));
  }

  private static String head(String method, String path) {
    return head(method, path, "");
  }

  private static String head(String method, String path, String headers) {
    return "%s %s HTTP/1.1\r\nHost: localhost\r\n%s".formatted(method, path, headers);
  }

  private static String hook(String uuid) {
    return "X-Event-Key: repo:push\r\nX-Hook-UUID: %s\r\n".formatted(uuid) + SIGNATURE;
  }

  private static byte[] body(int length) {
    return bytes("x".repeat(length));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
