package sh.cinch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person types, what Cinch is asked, what the person reads. */
class RepoTest {

  private static final String CONNECTED =
      """
      {"id":"7a1f","forge":"bitbucket-cloud","fullName":"acme/app","uuid":"{3d}",
       "credential":{"id":"c","kind":"access-token","scopes":["repository","webhook"],"state":"healthy"},
       "webhook":{"id":"h","url":"https://cinch.example.com/webhooks/bitbucket/h","managed":true,"state":"waiting"},
       "warnings":["Merge blocking is Premium."]}\
      """;

  private final List<String> requests = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private int status = 201;
  private String answer = CONNECTED;
  private String secondPage = "";
  private HttpServer server;
  @TempDir private Path folder;
  private Path stack;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.createContext(
        "/api/v1",
        exchange -> {
          requests.add(
              "%s %s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Authorization"),
                      new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
          String query = exchange.getRequestURI().getRawQuery();
          byte[] body = ("cursor=p+2".equals(query) ? secondPage : answer).getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    stack =
        Files.writeString(
            folder.resolve("stack.json"),
            "{\"ingress\":\"http://localhost:%d\",\"apiToken\":\"cinch_t\"}"
                .formatted(server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void addConnectsWithTheTokenAndSaysWhatItSaw() {
    assertThat(add("--token", "ATCT-secret")).isZero();
    assertThat(requests)
        .singleElement()
        .asString()
        .startsWith("POST /api/v1/repositories Bearer cinch_t ")
        .contains(
            "\"forge\":\"bitbucket-cloud\"",
            "\"fullName\":\"acme/app\"",
            "\"token\":\"ATCT-secret\"");
    assertThat(out.toString())
        .contains(
            "Connected acme/app (7a1f)",
            "access-token, healthy, scopes: repository webhook",
            "made by Cinch",
            "Merge blocking is Premium.",
            "Push to trigger a build.")
        .doesNotContain("ATCT-secret");
  }

  @Test
  void aDashReadsTheTokenFromStandardInput() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream("ATCT-piped\n".getBytes(UTF_8)));
    try {
      assertThat(add("--token", "-")).isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(requests).singleElement().asString().contains("\"token\":\"ATCT-piped\"");
  }

  @Test
  void whereTheTokenMayNotMakeTheHookItsStepsArePrinted() {
    answer =
        CONNECTED
            .replace("\"managed\":true", "\"managed\":false")
            .replaceFirst(
                "\\}$",
                ",\"manualWebhook\":{\"url\":\"https://cinch.example.com/webhooks/bitbucket/h\",\"secret\":\"s3\",\"events\":[\"repo:push\"]}}");
    assertThat(add("--token", "T")).isZero();
    assertThat(out.toString())
        .contains(
            "https://bitbucket.org/acme/app/admin/webhooks",
            "URL        https://cinch.example.com/webhooks/bitbucket/h",
            "Secret     s3",
            "Triggers   Repository > Push");
  }

  @Test
  void jsonIsTheServersAnswer() throws Exception {
    assertThat(
            add(
                "--token",
                "T",
                "--json",
                "--replace",
                "--forget",
                "--allow-unsigned",
                "--email",
                "jo@x.io"))
        .isZero();
    assertThat(new com.fasterxml.jackson.databind.ObjectMapper().readTree(out.toString()))
        .isEqualTo(new com.fasterxml.jackson.databind.ObjectMapper().readTree(CONNECTED));
    assertThat(requests)
        .singleElement()
        .asString()
        .contains("?replace=true&forget=true", "\"allowUnsigned\":true", "\"email\":\"jo@x.io\"");
  }

  @Test
  void aRefusalIsTheServersWords() {
    status = 422;
    answer = "{\"title\":\"Token refused\",\"detail\":\"Bitbucket does not take this token.\"}";
    assertThat(add("--token", "T")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("cinch: Bitbucket does not take this token.\n");
  }

  @Test
  void aWrongNameIsNotSent() {
    assertThat(run("repo", "add", "--forge", "bitbucket", "--repo", "acme", "--token", "T"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--repo is 'acme': WORKSPACE/REPO is expected");
    assertThat(run("repo", "add", "--forge", "gitlub", "--repo", "a/b", "--token", "T"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--forge is 'gitlub'");
    assertThat(requests).isEmpty();
  }

  @Test
  void listFollowsEveryPage() {
    status = 200;
    answer = "{\"items\":[" + CONNECTED + "],\"next\":\"p 2\"}";
    secondPage = "{\"items\":[" + CONNECTED.replace("acme/app", "acme/web") + "]}";
    assertThat(run("repo", "list", "--stack", stack.toString())).isZero();
    assertThat(out.toString()).contains("7a1f", "acme/app", "acme/web", "webhook waiting");
  }

  @Test
  void listSaysWhatIsMissingBesideIt() {
    status = 200;
    String warning = "\"warnings\":[\"The workspace acme could not be read.\"]";
    answer = "{\"items\":[%s],\"next\":\"p 2\",%s}".formatted(CONNECTED, warning);
    secondPage = "{\"items\":[],%s}".formatted(warning);

    assertThat(run("repo", "list", "--json", "--stack", stack.toString())).isZero();

    assertThat(out.toString()).startsWith("[").doesNotContain("could not be read");
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("warning: The workspace acme could not be read.");
  }

  @Test
  void listShowsTheCredentialsThatWantSomebody() {
    status = 200;
    answer =
        "{\"items\":["
            + CONNECTED
            + ","
            + CONNECTED
                .replace("acme/app", "acme/dead")
                .replace("\"healthy\"", "\"needs-authorization\"")
                .replace("Merge blocking is Premium.", "It was revoked. Authorize again.")
            + ","
            + CONNECTED
                .replace("acme/app", "acme/ending")
                .replace(
                    "\"healthy\"",
                    "\"healthy\",\"reason\":\"It ends"
                        + " soon\",\"expiresAt\":\"2026-12-05T00:00:00Z\"")
            + "]}";
    assertThat(run("repo", "list", "--stack", stack.toString())).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")).toList())
        .containsExactly(
            "7a1f acme/app webhook waiting",
            "7a1f acme/dead webhook waiting",
            " credential needs-authorization",
            " It was revoked. Authorize again.",
            "7a1f acme/ending webhook waiting",
            " credential healthy, until 2026-12-05T00:00:00Z",
            " Merge blocking is Premium.");
  }

  @Test
  void endOfTheTokenIsPassedOn() {
    answer = CONNECTED.replace("\"healthy\"", "\"healthy\",\"expiresAt\":\"2027-01-31T23:59:59Z\"");
    assertThat(add("--token", "T", "--expires", "2027-01-31")).isZero();
    assertThat(requests).singleElement().asString().contains("\"expiresAt\":\"2027-01-31\"");
    assertThat(out.toString()).contains("until 2027-01-31T23:59:59Z");
  }

  @Test
  void endOfTheTokenMayBeATime() {
    assertThat(add("--token", "T", "--expires", "2027-01-31T10:00:00+02:00")).isZero();
    assertThat(requests)
        .singleElement()
        .asString()
        .contains("\"expiresAt\":\"2027-01-31T10:00:00+02:00\"");
  }

  @Test
  void whatIsNoDateIsNotSent() {
    assertThat(add("--token", "T", "--expires", "31.1.2027")).isEqualTo(2);
    assertThat(err.toString()).contains("--expires is '31.1.2027'");
    assertThat(requests).isEmpty();
  }

  @Test
  void removeDisconnects() {
    status = 200;
    answer =
        "{\"warnings\":[\"The webhook is still there.\"],\"notes\":[\"The token stays valid.\"]}";
    String id = "7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001";
    assertThat(run("repo", "remove", id, "--stack", stack.toString())).isZero();
    assertThat(requests).singleElement().asString().startsWith("DELETE /api/v1/repositories/" + id);
    assertThat(out.toString())
        .contains(
            "Disconnected " + id,
            "left  The webhook is still there.",
            "note  The token stays valid.");
  }

  @Test
  void deliveriesAreListedWithWhatToDo() {
    status = 200;
    answer =
        """
        {"items":[
          {"receivedAt":"2026-11-23T15:00:01Z","answer":401,"outcome":"wrong-signature",
           "eventKey":"repo:push","reason":"Another secret: make a new one."},
          {"receivedAt":"2026-11-23T15:00:00Z","answer":202,"outcome":"published",
           "eventKey":"repo:push"}]}\
        """;
    String id = "7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001";

    assertThat(run("repo", "deliveries", id, "--stack", stack.toString())).isZero();

    assertThat(requests)
        .singleElement()
        .asString()
        .startsWith("GET /api/v1/deliveries?repository=" + id + "&limit=50 ");
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")).toList())
        .containsExactly(
            "2026-11-23T15:00:01Z 401 wrong-signature repo:push",
            " Another secret: make a new one.",
            "2026-11-23T15:00:00Z 202 published repo:push");
  }

  @Test
  void aNewSecretOfAWebhookThatCinchMadeIsShownToNobody() {
    status = 200;
    answer = "{\"installed\":true}";
    String id = "7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001";

    assertThat(run("repo", "secret", id, "--stack", stack.toString())).isZero();

    assertThat(requests)
        .singleElement()
        .asString()
        .startsWith("POST /api/v1/repositories/" + id + "/webhook/secret ");
    assertThat(out.toString())
        .isEqualTo(
            "Bitbucket signs with a new secret from now on. The one before is valid for an hour"
                + " more.\n");
  }

  @Test
  void aNewSecretOfAWebhookMadeByHandIsShownOnceWithWhereToEnterIt() {
    status = 200;
    answer =
        """
        {"installed":false,"manualWebhook":
          {"url":"https://cinch.example.com/webhooks/bitbucket/h","secret":"s3","events":["repo:push"]}}\
        """;

    assertThat(
            run(
                "repo",
                "secret",
                "7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001",
                "--stack",
                stack.toString()))
        .isZero();

    assertThat(out.toString())
        .contains("URL        https://cinch.example.com/webhooks/bitbucket/h", "Secret     s3");
  }

  @Test
  void whereNothingCameInItSaysSo() {
    status = 200;
    answer = "{\"items\":[]}";

    assertThat(
            run(
                "repo",
                "deliveries",
                "7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001",
                "--stack",
                stack.toString()))
        .isZero();

    assertThat(out.toString()).isEqualTo("Nothing has come in yet.\n");
  }

  @Test
  void withoutAStackItSaysHowToStartOne() {
    assertThat(run("repo", "list", "--stack", folder.resolve("none.json").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("./cinch up", "CINCH_INGRESS_URL");
  }

  @Test
  void whereNobodyAnswersItSaysWhereItAsked() {
    server.stop(0);
    assertThat(run("repo", "list", "--stack", stack.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("Cinch does not answer at http://localhost:");
  }

  @Test
  void helpSaysWhatThereIs() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("repo", "./cinch demo", "CINCH_API_TOKEN", "Exit codes");
    assertThat(run("repo", "add", "--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("Repository Access Token", "--allow-unsigned", "--expires=DATE")
        .contains("Cinch cannot read the date from the token");
  }

  @Test
  void nothingToDoIsNotUnderstood() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("Say what to do.");
  }

  private int add(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "repo",
                "add",
                "--forge",
                "bitbucket",
                "--repo",
                "acme/app",
                "--stack",
                stack.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
