package sh.cinch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people type about deliveries, what Cinch is asked, what they read. */
class DeliveriesCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ONE = "7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001";
  private static final String TWO = "7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a002";

  private static final String DELIVERY =
      """
      {"id":"ID","receivedAt":"2026-11-23T15:00:00Z","answer":202,"outcome":"published","attempt":1,
       "eventKey":"repo:push","refs":["refs/heads/main"],"test":false}\
      """;

  /** An answer. */
  private record Answer(int status, String body) {}

  private final List<String> requests = new ArrayList<>();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server;
  @TempDir private Path folder;
  private Path stack;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.createContext("/api/v1", this::answer);
    server.start();
    stack =
        Files.writeString(
            folder.resolve("stack.json"),
            "{\"ingress\":\"http://localhost:%d\",\"apiToken\":\"cinch_t\"}"
                .formatted(server.getAddress().getPort()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(
        "%s %s %s"
            .formatted(
                exchange.getRequestMethod(),
                URLDecoder.decode(
                    exchange.getRequestURI().toString().substring("/api/v1".length()), UTF_8),
                new String(exchange.getRequestBody().readAllBytes(), UTF_8))
            .strip());
    Answer next = answers.remove();
    byte[] body = next.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(next.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void listSaysWhatCameAndWhatBecameOfIt() {
    will(
        200,
        """
        {"items":[%s,
          {"id":"%s","receivedAt":"2026-11-23T14:00:00Z","answer":401,"outcome":"wrong-signature",
           "eventKey":"repo:push","reason":"Another secret:\\u001b[2J make a new one.","refs":[]},
          {"id":"r","receivedAt":"2026-11-23T13:00:00Z","answer":202,"outcome":"replayed",
           "eventKey":"repo:push","refs":["a","b","c","d"],"replayOf":"%s","askedBy":"person"}]}\
        """
            .formatted(delivery(ONE), TWO, ONE));

    assertThat(run("list", "acme/app")).isZero();

    assertThat(requests).containsExactly("GET /deliveries?repository=acme/app&limit=50");
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "2026-11-23T15:00:00Z 202 published repo:push " + ONE + " refs/heads/main",
            "2026-11-23T14:00:00Z 401 wrong-signature repo:push " + TWO,
            " Another secret:\\u{1b}[2J make a new one.",
            "2026-11-23T13:00:00Z 202 replayed repo:push r a b c and 1 more",
            " a replay of " + ONE + ", asked for by: person");
  }

  @Test
  void listTakesFiltersAndFollowsPages() throws Exception {
    will(200, "{\"items\":[%s],\"next\":\"n 1\"}".formatted(delivery(ONE)));
    will(200, "{\"items\":[%s,%s]}".formatted(delivery(TWO), delivery("3")));

    assertThat(
            run(
                "list",
                "acme/app",
                "--ref",
                "feature/a&b",
                "--outcome",
                "no-room",
                "--since",
                "2026-11-23T15:00:00+01:00",
                "--until",
                "2026-11-24T15:00:00Z",
                "--limit",
                "2",
                "--json"))
        .isZero();

    assertThat(requests)
        .containsExactly(
            "GET /deliveries?repository=acme/app&ref=feature/a&b&outcome=no-room"
                + "&after=2026-11-23T14:00:00Z&before=2026-11-24T15:00:00Z&limit=2",
            "GET /deliveries?repository=acme/app&ref=feature/a&b&outcome=no-room"
                + "&after=2026-11-23T14:00:00Z&before=2026-11-24T15:00:00Z&limit=2&cursor=n 1");
    assertThat(JSON.readTree(out.toString())).hasSize(2);
    assertThat(err.toString()).contains("more than these 2: --limit");
  }

  @Test
  void showPrintsAllThatIsKnown() {
    will(
        200,
        """
        {"id":"%s","receivedAt":"T","answer":202,"outcome":"published","eventKey":"repo:push",
         "attempt":2,"refs":["refs/heads/main"],"reason":"1 of its changes could not be read",
         "headers":[{"name":"User-Agent","value":"x\\u202ey"}],"bodyBytes":812,
         "pushes":[{"id":"e1","ref":"refs/heads/main","change":"updated","commit":"b2"}],
         "statuses":[{"commit":"b2","key":"unit","wanted":"success","outcome":"delivered"}],
         "releases":[{"id":"1","tag":"v1","state":"delivered"}]}\
        """
            .formatted(ONE));

    assertThat(run("show", ONE)).isZero();

    assertThat(requests).containsExactly("GET /deliveries/" + ONE);
    assertThat(out.toString())
        .contains(
            "answered  202 published",
            "because   1 of its changes could not be read",
            "attempt 2",
            "header    User-Agent: x\\u{202e}y",
            "812 bytes are kept",
            "push      e1  refs/heads/main updated b2",
            "status    unit of b2: success, delivered",
            "release   v1: delivered");
  }

  @Test
  void showPrintsTheBodyAlone() throws Exception {
    will(200, delivery(ONE));
    will(200, "{\"push\":{\"changes\":[]}}");

    assertThat(run("show", ONE, "--body")).isZero();

    assertThat(requests)
        .containsExactly("GET /deliveries/" + ONE, "GET /deliveries/" + ONE + "/body");
    assertThat(JSON.readTree(out.toString()).path("push").path("changes").isArray()).isTrue();
  }

  @Test
  void aBodyThatIsNoJsonIsNotPrinted() {
    will(200, delivery(ONE).replace("published", "not-json"));

    assertThat(run("show", ONE, "--body")).isEqualTo(1);

    assertThat(requests).hasSize(1);
    assertThat(err.toString()).contains("no JSON", "GET /api/v1/deliveries/" + ONE + "/body");
  }

  @Test
  void replaySendsEachAndSaysWhatIsLeft() {
    will(200, delivery("r"));
    will(409, "{\"detail\":\"Its body is not kept.\"}");

    assertThat(run("replay", ONE, TWO, "--again")).isEqualTo(1);

    assertThat(requests)
        .containsExactly(
            "POST /deliveries/%s/replay {\"again\":true}".formatted(ONE),
            "POST /deliveries/%s/replay {\"again\":true}".formatted(TWO));
    assertThat(out.toString()).isEqualTo("1 replayed\n");
    assertThat(err.toString()).contains("not replayed: " + TWO + ": Its body is not kept.");
  }

  @Test
  void whereCinchStopsTakingThemTheOthersAreNotTried() throws Exception {
    will(503, "{\"detail\":\"Neither Kafka nor the outbox took it.\"}");

    assertThat(run("replay", ONE, TWO, "--json")).isEqualTo(1);

    assertThat(requests).containsExactly("POST /deliveries/%s/replay".formatted(ONE));
    assertThat(JSON.readTree(out.toString()).path("replayed").asInt()).isZero();
    assertThat(JSON.readTree(out.toString()).path("stopped").asText()).contains("outbox");
  }

  @Test
  void severalAreReplayedInTheirOrderOnceSomebodySaysYes() {
    String some =
        "{\"items\":[%s,%s,%s,%s]}"
            .formatted(
                delivery(TWO),
                delivery("r").replace("}", ",\"replayOf\":\"x\",\"askedBy\":\"operator\"}"),
                delivery("f").replace("202", "401"),
                delivery(ONE));
    will(200, some);
    assertThat(run("replay", "--repo", "acme/app", "--ref", "main")).isEqualTo(1);
    assertThat(err.toString()).contains("That is 2 deliveries", "--yes");
    assertThat(requests).hasSize(1);

    will(200, some);
    will(200, delivery("a"));
    will(200, delivery("b"));
    assertThat(run("replay", "--repo", "acme/app", "--ref", "main", "--yes")).isZero();

    assertThat(requests.subList(2, 4))
        .containsExactly(
            "POST /deliveries/%s/replay".formatted(ONE),
            "POST /deliveries/%s/replay".formatted(TWO));
    assertThat(out.toString()).isEqualTo("2 replayed\n");
  }

  @Test
  void moreThanAThousandAreNoneByAccident() {
    String page =
        "{\"items\":[%s],\"next\":\"NEXT\"}"
            .formatted(String.join(",", Collections.nCopies(200, delivery(ONE))));
    for (int i = 0; i < 6; i++) {
      will(200, page.replace("NEXT", "n" + i));
    }

    assertThat(run("replay", "--repo", "acme/app", "--all", "--yes")).isEqualTo(1);

    assertThat(err.toString()).contains("more than 1,000", "--since");
    assertThat(requests).allMatch(request -> request.startsWith("GET "));
  }

  @Test
  void whatIsNotSaidIsNotReplayed() {
    assertThat(run("replay")).isEqualTo(2);
    assertThat(run("replay", "--repo", "acme/app")).isEqualTo(2);
    assertThat(run("replay", ONE, "--repo", "acme/app")).isEqualTo(2);
    assertThat(run("replay", ONE, "--all")).isEqualTo(2);
    assertThat(run("replay", "--repo", "acme/app", "--all", "--ref", "main")).isEqualTo(2);
    assertThat(run("list", "acme/app", "--since", "yesterday")).isEqualTo(2);
    assertThat(run("list", "acme/app", "--limit", "0")).isEqualTo(2);
    assertThat(requests).isEmpty();
    assertThat(err.toString()).contains("Say which", "--since is 'yesterday'");
  }

  @Test
  void simulateFindsTheRepositoryAndSaysWhatWasPublished() {
    will(200, "{\"items\":[{\"id\":\"%s\"}]}".formatted(TWO));
    will(200, delivery(ONE));

    assertThat(command("webhooks", "simulate", "acme/app")).isZero();

    assertThat(requests)
        .containsExactly(
            "GET /repositories?fullName=acme/app",
            "POST /repositories/%s/webhook/simulate".formatted(TWO));
    assertThat(out.toString()).contains("test push of refs/heads/main", ONE);
  }

  @Test
  void simulateSaysWhyNot() {
    will(429, "{\"detail\":\"A repository has 5 simulated pushes an hour.\"}");
    assertThat(command("webhooks", "simulate", ONE)).isEqualTo(1);
    assertThat(err.toString()).contains("5 simulated pushes an hour");

    will(200, "{\"items\":[]}");
    assertThat(command("webhooks", "simulate", "acme/other")).isEqualTo(1);
    assertThat(err.toString()).contains("no repository acme/other for you", "cinch repo list");
  }

  @Test
  void helpSaysWhatTheyAreFor() {
    assertThat(run("--help")).isZero();
    assertThat(run("replay", "--help")).isZero();
    assertThat(command("webhooks", "simulate", "--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("CINCH_DELIVERY_BODY_DAYS", "--again", "behind a firewall", "five an hour");
  }

  private static String delivery(String id) {
    return DELIVERY.replace("ID", id);
  }

  private void will(int status, String body) {
    answers.add(new Answer(status, body));
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("deliveries"));
    all.addAll(List.of(arguments));
    return command(all.toArray(String[]::new));
  }

  private int command(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--help")) {
      all.addAll(List.of("--stack", stack.toString()));
    }
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
  }
}
