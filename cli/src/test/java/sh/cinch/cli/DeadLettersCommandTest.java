package sh.cinch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator types about dead letters, what Cinch is asked, what the operator reads. */
class DeadLettersCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = "cinch.build-state.v1-3-12";

  private static final String LETTER =
      """
      {"id":"ID","topic":"cinch.build-state.v1","partition":3,"offset":12,
       "consumer":"status-worker","reason":"unknown repository acme/app: connect it first",
       "at":"2026-11-23T15:00:00.123456Z","key":"k","repository":{"fullName":"acme/app"},
       "eventId":"e1","bytes":20,"cut":[],"state":"open"}\
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
  void listSaysWhatIsDeadAndWhy() {
    will(
        200,
        """
        {"items":[%s,%s],"unlisted":[{"topic":"cinch.build-state.v1","consumer":"status-worker",
         "reason":"of no use","count":40000,"from":"F","to":"T"}]}\
        """
            .formatted(
                letter(ID),
                letter("t-0-1")
                    .replace(
                        "\"state\":\"open\"",
                        "\"state\":\"replayed\",\"replayOf\":\"t-0-0\",\"deadAgainAs\":\"t-0-2\"")));
    assertThat(run("list")).isZero();
    assertThat(requests).containsExactly("GET /dead-letters?state=open&limit=200");
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "2026-11-23T15:00:00.123456Z open " + ID + " status-worker acme/app",
            " unknown repository acme/app: connect it first",
            "2026-11-23T15:00:00.123456Z replayed t-0-1 status-worker acme/app",
            " unknown repository acme/app: connect it first",
            " was replayed from t-0-0",
            " is dead again as t-0-2");
    assertThat(err.toString())
        .contains("cinch.dead-letter.v1 alone: 40000 of cinch.build-state.v1", "of no use");
  }

  @Test
  void listTakesFiltersAndFollowsPages() throws Exception {
    will(200, "{\"items\":[%s],\"next\":\"n 1\"}".formatted(letter("t-0-3")));
    will(200, "{\"items\":[%s,%s]}".formatted(letter("t-0-2"), letter("t-0-1")));
    assertThat(
            run(
                "list",
                "--topic",
                "build-state",
                "--consumer",
                "status-worker",
                "--repo",
                "acme/app",
                "--reason",
                "50% & more",
                "--since",
                "2026-11-23T15:00:00+01:00",
                "--until",
                "2026-11-24T15:00:00Z",
                "--state",
                "all",
                "--limit",
                "2",
                "--json"))
        .isZero();
    String filter =
        "topic=cinch.build-state.v1&consumer=status-worker&repository=acme/app&reason=50% & more"
            + "&since=2026-11-23T14:00:00Z&until=2026-11-24T15:00:00Z&limit=200";
    assertThat(requests)
        .containsExactly(
            "GET /dead-letters?" + filter, "GET /dead-letters?" + filter + "&cursor=n 1");
    assertThat(JSON.readTree(out.toString()))
        .isEqualTo(JSON.readTree("[%s,%s]".formatted(letter("t-0-3"), letter("t-0-2"))));
    assertThat(err.toString()).contains("more than these 2");
  }

  @Test
  void sinceMayBeAgo() {
    will(200, "{\"items\":[]}");
    assertThat(run("list", "--since", "2h")).isZero();
    String asked = requests.getFirst();
    assertThat(asked).startsWith("GET /dead-letters?since=").endsWith("Z&state=open&limit=200");
    assertThat(Instant.parse(asked.replaceAll(".*since=|&state.*", "")))
        .isBetween(
            Instant.now().minus(Duration.ofMinutes(122)),
            Instant.now().minus(Duration.ofMinutes(120)));
    assertThat(out.toString()).isEqualTo("No dead letter is meant.\n");
  }

  @Test
  void showPrintsTheRecord() {
    will(
        200,
        letter(ID)
            .replaceFirst(
                "}$",
                ",\"record\":{\"key\":{\"text\":\"k\"},\"headers\":[{\"name\":\"ce_id\",\"text\":\"e1\"},"
                    + "{\"name\":\"odd\",\"base64\":\"/w==\"}],"
                    + "\"value\":{\"text\":\"{\\\\\"state\\\\\":\\\\\"passed\\\\\"}\"},\"isWhole\":true}}"));
    assertThat(run("show", ID)).isZero();
    assertThat(requests).containsExactly("GET /dead-letters/" + ID);
    assertThat(out.toString())
        .contains(
            "reason    unknown repository acme/app: connect it first",
            "given up  2026-11-23T15:00:00.123456Z, by status-worker",
            "of        acme/app",
            "key       k",
            "header    ce_id: e1",
            "header    odd: (base64) /w==",
            "\"state\" : \"passed\"");
  }

  @Test
  void showPrintsTheValueAlone() {
    will(200, letter(ID).replaceFirst("}$", ",\"record\":{\"value\":{\"text\":\"not json\"}}}"));
    assertThat(run("show", ID, "--value")).isZero();
    assertThat(out.toString()).isEqualTo("not json\n");
    will(200, letter(ID));
    assertThat(run("show", ID, "--value")).isEqualTo(1);
    assertThat(err.toString()).contains("Kafka does not have it any more");
    will(200, letter(ID));
    assertThat(run("show", ID)).isZero();
    assertThat(out.toString()).contains("Kafka does not have it any more");
  }

  @Test
  void replayByIdSaysWhichAreLeft() {
    will(200, letter("t-0-1"));
    will(422, "{\"title\":\"t\",\"detail\":\"As it is it would be dead again: not JSON.\"}");
    will(200, letter("t-0-3"));
    assertThat(run("replay", "t-0-1", "t-0-2", "t-0-3")).isEqualTo(1);
    assertThat(requests)
        .containsExactly(
            "POST /dead-letters/t-0-1/replay",
            "POST /dead-letters/t-0-2/replay",
            "POST /dead-letters/t-0-3/replay");
    assertThat(out.toString()).isEqualTo("2 replayed\n");
    assertThat(err.toString())
        .isEqualTo("not replayed: t-0-2: As it is it would be dead again: not JSON.\n");
  }

  @Test
  void replayTakesACorrectedValue() throws Exception {
    Path file = Files.writeString(folder.resolve("fixed.json"), "{\"state\": \"success\"}");
    will(200, letter(ID));
    assertThat(run("replay", ID, "--value", file.toString())).isZero();
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream("{\"state\":\"failure\"}".getBytes(UTF_8)));
    try {
      will(200, letter(ID));
      assertThat(run("replay", ID, "--value", "-", "--json")).isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(requests)
        .containsExactly(
            "POST /dead-letters/" + ID + "/replay {\"value\":{\"state\":\"success\"}}",
            "POST /dead-letters/" + ID + "/replay {\"value\":{\"state\":\"failure\"}}");
    assertThat(JSON.readTree(out.toString().lines().skip(1).reduce("", String::concat)))
        .isEqualTo(JSON.readTree("{\"replayed\":1}"));
  }

  @Test
  void aValueThatIsNoneIsNotSent() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.json"), "{\n \"state\" success}");
    assertThat(run("replay", ID, "--value", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("bad.json is not JSON, in line 2");
    Files.writeString(file, "[]");
    assertThat(run("replay", ID, "--value", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("is no JSON object");
    assertThat(run("replay", ID, "--value", folder.resolve("none").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("none cannot be read");
    assertThat(run("replay", ID, "t-0-1", "--value", file.toString())).isEqualTo(2);
    assertThat(run("replay", "--repo", "a/b", "--value", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--value is for one dead letter");
    assertThat(requests).isEmpty();
  }

  @Test
  void manyNeedAYes() {
    will(200, "{\"items\":[%s,%s]}".formatted(letter("t-0-2"), letter("t-0-1")));
    assertThat(run("replay", "--repo", "acme/app")).isEqualTo(1);
    assertThat(err.toString()).contains("That is 2 dead letters", "add --yes to replay them all");
    assertThat(requests)
        .containsExactly("GET /dead-letters?repository=acme/app&state=open&limit=200");
  }

  @Test
  void manyAreReplayedUpToTheNewestThereWas() throws Exception {
    will(200, "{\"items\":[%s,%s]}".formatted(letter("t-0-2"), letter("t-0-1")));
    will(
        200,
        "{\"replayed\":1,\"left\":[{\"id\":\"t-0-2\",\"reason\":\"not JSON\"}],\"next\":\"n\"}");
    will(200, "{\"replayed\":2,\"left\":[]}");
    assertThat(run("replay", "--repo", "acme/app", "--yes", "--json")).isEqualTo(1);
    String some =
        "POST /dead-letters/replay?repository=acme/app&until=2026-11-23T15:00:00.123456Z&limit=50";
    assertThat(requests.subList(1, 3)).containsExactly(some, some + "&cursor=n");
    assertThat(JSON.readTree(out.toString()))
        .isEqualTo(
            JSON.readTree(
                "{\"replayed\":3,\"left\":[{\"id\":\"t-0-2\",\"reason\":\"not JSON\"}]}"));
  }

  @Test
  void whatWasDoneBeforeItStoppedIsSaid() throws Exception {
    String away = "{\"title\":\"Not now\",\"detail\":\"Kafka did not take it; replay it again.\"}";
    will(200, "{\"items\":[%s,%s]}".formatted(letter("t-0-2"), letter("t-0-1")));
    will(
        200,
        "{\"replayed\":49,\"left\":[{\"id\":\"t-0-2\",\"reason\":\"not JSON\"}],\"next\":\"n\"}");
    will(503, away);
    assertThat(run("replay", "--repo", "acme/app", "--yes")).isEqualTo(1);
    assertThat(out.toString()).isEqualTo("49 replayed\n");
    assertThat(err.toString())
        .contains(
            "not replayed: t-0-2: not JSON", "The others are as they were: ", "Kafka did not");

    will(200, letter("t-0-1"));
    will(401, "{}");
    assertThat(run("replay", "t-0-1", "t-0-2")).isEqualTo(1);
    assertThat(out.toString()).endsWith("\n1 replayed\n");

    will(200, "{\"items\":[%s,%s]}".formatted(letter("t-0-2"), letter("t-0-1")));
    will(200, "{\"dropped\":1000,\"more\":true}");
    will(503, away);
    assertThat(run("drop", "--reason", "passed", "--yes", "--json")).isEqualTo(1);
    assertThat(out.toString()).contains("\"dropped\" : 1000", "\"stopped\" : \"");
  }

  @Test
  void veryManyAreNotCounted() {
    String page = String.join(",", Collections.nCopies(200, letter(ID)));
    will(200, "{\"items\":[%s],\"next\":\"n\"}".formatted(page));
    assertThat(run("drop", "--repo", "acme/app")).isEqualTo(1);
    assertThat(err.toString()).contains("That is more than 200 dead letters");
    assertThat(requests).hasSize(1);
  }

  @Test
  void aValueThatIsNotAllThereIsNotPrintedAsIfItWere() {
    will(
        200,
        letter(ID)
            .replace("\"cut\":[]", "\"cut\":[\"value\"]")
            .replaceFirst("}$", ",\"record\":{\"value\":{\"text\":\"{\"},\"isWhole\":false}}"));
    assertThat(run("show", ID, "--value")).isEqualTo(1);
    assertThat(err.toString()).contains("only the beginning of its value");
    will(
        200,
        letter(ID)
            .replaceFirst("}$", ",\"record\":{\"value\":{\"base64\":\"/w==\"},\"isWhole\":true}}"));
    assertThat(run("show", ID, "--value")).isEqualTo(1);
    assertThat(err.toString()).contains("is no text");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void oneNeedsNoYesAndNoneIsNothing() {
    will(200, "{\"items\":[%s]}".formatted(letter(ID)));
    will(200, "{\"replayed\":1,\"left\":[]}");
    assertThat(run("replay", "--repo", "acme/app")).isZero();
    will(200, "{\"items\":[]}");
    assertThat(run("replay", "--repo", "acme/app")).isZero();
    assertThat(out.toString()).isEqualTo("1 replayed\n0 replayed\n");
    assertThat(requests).hasSize(3);
  }

  @Test
  void dropPutsAside() {
    will(204, "");
    assertThat(run("drop", ID)).isZero();
    will(200, "{\"items\":[%s,%s]}".formatted(letter("t-0-2"), letter("t-0-1")));
    will(200, "{\"dropped\":1000,\"more\":true}");
    will(200, "{\"dropped\":1,\"more\":false}");
    assertThat(run("drop", "--reason", "passed", "--yes")).isZero();
    String some = "POST /dead-letters/drop?reason=passed&until=2026-11-23T15:00:00.123456Z";
    assertThat(requests)
        .containsExactly(
            "POST /dead-letters/" + ID + "/drop",
            "GET /dead-letters?reason=passed&state=open&limit=200",
            some,
            some);
    assertThat(out.toString()).isEqualTo("1 dropped\n1001 dropped\n");
  }

  @Test
  void whatIsMeantMustBeSaid() {
    assertThat(run("replay")).isEqualTo(2);
    assertThat(err.toString()).contains("Say which: name ids, or use --topic");
    assertThat(run("drop", ID, "--repo", "a/b")).isEqualTo(2);
    assertThat(err.toString()).contains("not both");
    assertThat(run("replay", "--since", "yesterday")).isEqualTo(2);
    assertThat(err.toString()).contains("--since is 'yesterday'");
    assertThat(run("list", "--state", "lost")).isEqualTo(2);
    assertThat(err.toString()).contains("--state is 'lost': open, replayed, dropped or all");
    assertThat(run("list", "--limit", "0")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("Say what to do with dead letters.");
    assertThat(requests).isEmpty();
  }

  @Test
  void whoMayNotIsToldSo() {
    will(403, "{\"title\":\"Not allowed\",\"detail\":\"Only the operator's token may do this.\"}");
    assertThat(run("list")).isEqualTo(1);
    will(401, "{}");
    assertThat(run("replay", ID, "t-0-1")).isEqualTo(1);
    assertThat(err.toString())
        .contains("Only the operator's token may do this.", "does not know this API token");
    assertThat(requests).hasSize(2);
  }

  @Test
  void helpSaysWhatItIsFor() {
    assertThat(Main.run(new PrintWriter(out, true), new PrintWriter(err, true), "--help")).isZero();
    assertThat(out.toString()).contains("dead-letters");
    assertThat(run("--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("Nothing of it is lost", "cinch dead-letters replay ID --value fixed.json");
    assertThat(run("replay", "--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("--value=FILE|-", "--yes", "nothing happens twice", "30m, 2h, 7d");
  }

  private static String letter(String id) {
    return LETTER.replace("\"ID\"", "\"" + id + "\"").strip();
  }

  private void will(int status, String body) {
    answers.add(new Answer(status, body));
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("dead-letters"));
    all.addAll(List.of(arguments));
    if (arguments.length > 0) {
      all.addAll(List.of("--stack", stack.toString()));
    }
    if (arguments.length == 1 && arguments[0].equals("--help")) {
      all.subList(2, all.size()).clear();
    }
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
  }
}
