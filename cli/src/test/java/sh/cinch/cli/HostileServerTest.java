package sh.cinch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.schema.text.Visible;

/** What a terminal gets where every text of every answer would play with it. */
class HostileServerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String EVIL =
      "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202eevil\u2066\u200b\r\nINJECTED\u2028\u007f\0";

  private static final String REPOSITORY =
      """
      {"id":"7a1f","forge":"bitbucket-cloud","fullName":"acme/app","uuid":"{3d}",
       "credential":{"id":"c","kind":"access-token","scopes":["repository"],"state":"unclear",
        "reason":"why","expiresAt":"2027"},
       "webhook":{"id":"h","url":"https://cinch.example.com/h","managed":true,"state":"waiting"},
       "warnings":["Merge blocking is Premium."],
       "manualWebhook":{"url":"https://cinch.example.com/h","secret":"s","events":["e"]}}
      """;

  private static final String DELIVERIES =
      """
      {"items":[{"receivedAt":"then","answer":401,"outcome":"o","eventKey":"k","reason":"why"}]}
      """;

  private static final String PLAN =
      """
      {"repository":{"id":"r","forge":"f","fullName":"acme/app"},"tag":"v1","commit":"c0",
       "files":[{"name":"n","download":"d","size":1,"replaces":{"size":2,"createdOn":"then"}}],
       "checksums":"sums","warnings":["w"],"note":"n"}
      """;

  private static final String RELEASE =
      """
      {"id":"r","tag":"v1","commit":"c","state":"STATE","waitingFor":"w","reason":"why",
       "files":[{"name":"n","download":"d","state":"STATE","reason":"why","warnings":["w"],
                 "url":"https://u"}],
       "warnings":["w"],"note":"n"}
      """;

  private static final String LETTER =
      """
      {"id":"i","topic":"t","consumer":"c","reason":"r","at":"a","key":"k","eventId":"e",
       "repository":{"id":"i","fullName":"n"},"cut":["value"],"state":"open","replayOf":"o",
       "deadAgainAs":"d","record":{"key":{"text":"k"},"isWhole":false,
        "headers":[{"name":"n","text":"t"},{"name":"n","base64":"b"}],"value":{"text":"v"}}}
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> answers = new HashMap<>();
  private int status = 200;
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
    answers.put("GET /artifacts", "{\"complete\":true,\"id\":\"a\"}");
    answers.put("POST /releases", "{\"id\":\"r\"}");
    answers.put("POST /releases?dryRun=true", PLAN);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString().substring("/api/v1".length());
    String route =
        exchange.getRequestMethod()
            + " "
            + path.replaceFirst("^/releases/.*", "/releases/")
                .replaceFirst("^/artifacts.*", "/artifacts")
                .replaceFirst("^(/dead-letters[^?]*)\\?.*", "$1")
                .replaceFirst("cursor=.*", "cursor=");
    byte[] body =
        status == 200
            ? evil(JSON.readTree(answers.get(route))).toString().getBytes(UTF_8)
            : answers.getOrDefault("problem", "").getBytes(UTF_8);
    exchange.getResponseHeaders().add("Retry-After", "evil\u009b");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** The same with every text turned, but for words that decide how it goes on. */
  private static JsonNode evil(JsonNode json) {
    return switch (json) {
      case ObjectNode object -> {
        object
            .properties()
            .forEach(
                field -> {
                  if (!field.getValue().asText().matches("delivered|failed|superseded|sending")) {
                    field.setValue(evil(field.getValue()));
                  }
                });
        yield object;
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, evil(array.get(i)));
        }
        yield array;
      }
      case TextNode text -> TextNode.valueOf(text.asText() + EVIL);
      default -> json;
    };
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void repositoriesAreShownHarmlessly() {
    answers.put("POST /repositories", REPOSITORY);
    answers.put("GET /repositories", "{\"items\":[" + REPOSITORY + "],\"next\":\"n\"}");
    answers.put("GET /repositories?cursor=", "{\"items\":[]}");
    String id = "7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001";
    answers.put("DELETE /repositories/" + id, "{\"warnings\":[\"w\"],\"notes\":[\"n\"]}");
    answers.put("GET /deliveries?repository=" + id + "&limit=50", DELIVERIES);
    answers.put("POST /repositories/" + id + "/webhook/secret", REPOSITORY);

    assertThat(add()).isZero();
    assertThat(add("--json")).isZero();
    assertThat(run("repo", "list", "--stack", stack.toString())).isZero();
    assertThat(run("repo", "list", "--json", "--stack", stack.toString())).isZero();
    assertThat(run("repo", "remove", id, "--stack", stack.toString())).isZero();
    assertThat(run("repo", "deliveries", id, "--stack", stack.toString())).isZero();
    assertThat(run("repo", "deliveries", id, "--json", "--stack", stack.toString())).isZero();
    assertThat(run("repo", "secret", id, "--stack", stack.toString())).isZero();
    assertThat(run("repo", "secret", id, "--json", "--stack", stack.toString())).isZero();
    assertHarmless();
    assertThat(out.toString()).contains("acme/app\\u{1b}]0;owned\\u{7}", "\\u001B]0;owned");
  }

  @Test
  void deadLettersAreShownHarmlessly() {
    answers.put("GET /dead-letters/i", LETTER);
    answers.put("POST /dead-letters/i/replay", LETTER);
    answers.put(
        "GET /dead-letters",
        """
        {"items":[%s],"unlisted":[{"topic":"t","consumer":"c","reason":"r","count":1,"from":"f",
         "to":"t"}]}
        """
            .formatted(LETTER));
    answers.put(
        "POST /dead-letters/replay", "{\"replayed\":1,\"left\":[{\"id\":\"i\",\"reason\":\"r\"}]}");

    assertThat(letters("list")).isZero();
    assertThat(letters("list", "--json")).isZero();
    assertThat(letters("show", "i")).isZero();
    assertThat(letters("show", "i", "--json")).isZero();
    assertThat(letters("show", "i", "--value")).isZero();
    assertThat(letters("replay", "i")).isZero();
    assertThat(letters("replay", "--reason", "r")).isEqualTo(1);
    assertThat(letters("replay", "--reason", "r", "--json")).isEqualTo(1);
    status = 422;
    answers.put("problem", "{\"detail\":\"d\\u001b\\u202e\"}");
    assertThat(letters("replay", "i")).isEqualTo(1);
    assertHarmless();
  }

  private int letters(String... arguments) {
    List<String> all = new ArrayList<>(List.of("dead-letters"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--stack", stack.toString()));
    return run(all.toArray(String[]::new));
  }

  @Test
  void jsonSaysTheSame() throws IOException {
    answers.put("POST /repositories", REPOSITORY);

    assertThat(add("--json")).isZero();
    assertThat(JSON.readTree(out.toString())).isEqualTo(evil(JSON.readTree(REPOSITORY)));
    assertHarmless();
  }

  @ParameterizedTest
  @ValueSource(strings = {"delivered", "failed", "superseded", "sending"})
  void releasesAreShownHarmlessly(String state) throws IOException {
    answers.put("GET /releases/", RELEASE.replace("STATE", state));

    assertThat(release("--timeout", "0.01s")).isNotEqualTo(2);
    assertThat(release("--json", "--timeout", "0.01s")).isNotEqualTo(2);
    assertThat(release("--no-wait")).isZero();
    assertThat(release("--dry-run")).isZero();
    assertThat(release("--dry-run", "--json")).isZero();
    assertHarmless();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 422})
  void refusalsAreShownHarmlessly(int refused) throws IOException {
    status = refused;
    for (String problem :
        List.of(
            JSON.writeValueAsString(Map.of("title", "t" + EVIL, "detail", "d" + EVIL)),
            JSON.writeValueAsString(Map.of("title", "t" + EVIL)),
            "<html>" + EVIL)) {
      answers.put("problem", problem);
      assertThat(add()).isEqualTo(1);
      assertThat(run("repo", "list", "--stack", stack.toString())).isEqualTo(1);
      assertThat(release()).isEqualTo(1);
    }
    assertHarmless();
  }

  @Test
  void whatWasTypedIsEchoedHarmlessly() throws IOException {
    run("repo", "add", "--forge", EVIL, "--repo", "a/b", "--token", "t");
    run("repo", "add", "--forge", "bitbucket", "--repo", EVIL, "--token", "t");
    run("repo", "list", "--stack", "none" + EVIL.replace("\0", ""));
    run("--" + EVIL);
    run(EVIL);
    run("repo", "remove", EVIL);
    run("repo", "list", "--server", "http://" + EVIL);
    release("--tag", EVIL.replace("\0", ""), "--timeout", EVIL);
    run("release", "--repo", "a/b", "--tag", "v1", EVIL.replace("\0", ""));
    assertThat(err.toString()).contains("\\u{1b}]0;owned");
    assertThat(err.toString() + out).doesNotContain("\u001b", "\u009b", "\u202e", "\r", "\u0007");
  }

  private void assertHarmless() {
    String all = out.toString() + err;
    assertThat(all.codePoints().filter(c -> c != '\n' && Visible.isHidden(c)).boxed())
        .as(Visible.lines(all))
        .isEmpty();
    assertThat(all.lines()).noneMatch(line -> line.startsWith("INJECTED"));
  }

  private int add(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("repo", "add", "--forge", "bitbucket", "--repo", "acme/app", "--token", "T"));
    arguments.addAll(List.of("--stack", stack.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private int release(String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    List<String> arguments =
        new ArrayList<>(List.of("release", "--repo", "acme/app", "--stack", stack.toString()));
    if (!List.of(more).contains("--tag")) {
      arguments.addAll(List.of("--tag", "v1"));
    }
    arguments.addAll(List.of(more));
    arguments.add(file.toString());
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
