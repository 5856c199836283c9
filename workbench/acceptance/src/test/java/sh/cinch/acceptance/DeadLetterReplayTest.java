package sh.cinch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import sh.cinch.cli.Main;
import sh.cinch.ingress.Role;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.ShiftedClock;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TopicReader;
import sh.cinch.testkit.TopicWriter;

/** What could not be used becomes a commit status after all, by the command. */
@Execution(ExecutionMode.CONCURRENT)
class DeadLetterReplayTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(40);

  @TempDir private static Path folder;
  private static final Running running = new Running();
  private static final ShiftedClock clock = new ShiftedClock();
  private static SimulatedBitbucket bitbucket;
  private static TopicWriter topics;
  private static TopicReader published;
  private static String url;
  private static Path stack;

  private final String fullName = "acme/app-" + UUID.randomUUID().toString().substring(0, 8);
  private final String commit = UUID.randomUUID().toString().replace("-", "") + "0".repeat(8);
  private String err = "";

  @BeforeAll
  static void start() throws Exception {
    RoleStand stand = running.with(new RoleStand(folder, clock));
    url = "http://localhost:" + running.with(stand.ingress(Role.ALL)).port();
    bitbucket = stand.bitbucket();
    topics = running.with(new TopicWriter(stand.kafka()));
    published = running.with(new TopicReader(stand.kafka(), List.of(Topic.CONNECTION)));
    stack =
        Files.writeString(
            folder.resolve("stack.json"),
            JSON.writeValueAsString(Map.of("ingress", url, "apiToken", RoleStand.API_TOKEN)));
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void aCommitThatAppearsLateHasItsStatusAfterAReplay() throws Exception {
    bitbucket.repository(fullName);
    String repository = connect();
    String event = report(state("success").set("repository", byId(repository)));
    JsonNode letter =
        dead(
            () -> {
              clock.advance(Duration.ofMinutes(2)); // the worker looks for it a few times
              return letters("open");
            });
    assertThat(letter.path("reason").asText()).contains("never pushed");
    assertThat(letter.path("eventId").asText()).isEqualTo(event);
    assertThat(letter.at("/repository/id").asText()).isEqualTo(repository);

    bitbucket.push(fullName, "refs/heads/main", commit);
    assertThat(cinch("replay", letter.path("id").asText())).isEqualTo("1 replayed\n");
    awaitStatus("SUCCESSFUL");
    assertThat(letters("open")).isEmpty();
    assertThat(letters("replayed")).hasSize(1);
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void whatCameBeforeItsRepositoryIsReplayedOnceThatIsConnected() throws Exception {
    bitbucket.repository(fullName);
    bitbucket.push(fullName, "refs/heads/main", commit);
    for (String key : List.of("unit", "lint")) {
      report(named(state("failure").put("key", key)));
    }
    await().atMost(SOON).until(() -> letters("open").size() == 2);
    assertThat(letters("open"))
        .allSatisfy(
            letter -> assertThat(letter.path("reason").asText()).contains("cinch repo add"));

    connect();
    cinch("replay", "--repo", fullName);
    assertThat(err).contains("That is 2 dead letters");
    assertThat(cinch("replay", "--repo", fullName, "--yes")).isEqualTo("2 replayed\n");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(bitbucket.statuses(fullName, commit))
                    .extracting(status -> status.getString("state"))
                    .containsExactly("FAILED", "FAILED"));
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void aStateThatIsNoneIsCorrectedAndReplayed() throws Exception {
    bitbucket.repository(fullName);
    bitbucket.push(fullName, "refs/heads/main", commit);
    String repository = connect();
    String event = report(state("passed").set("repository", byId(repository)));
    String id = dead(() -> letters("open")).path("id").asText();

    assertThat(cinch("replay", id)).isEqualTo("0 replayed\n");
    assertThat(err).contains("'passed'", "Send a corrected value");
    ObjectNode value = (ObjectNode) JSON.readTree(cinch("show", id, "--value"));
    Path corrected = folder.resolve(commit + ".json");
    Files.writeString(corrected, value.put("state", "success").toString());
    assertThat(cinch("replay", id, "--value", corrected.toString())).isEqualTo("1 replayed\n");
    awaitStatus("SUCCESSFUL");
    assertThat(statuses(repository).at("/0/causedBy").asText()).isEqualTo(event);
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void whatIsDeadAgainNamesWhatItWasAndEndsWell() throws Exception {
    bitbucket.repository(fullName);
    bitbucket.push(fullName, "refs/heads/main", commit);
    String repository = connect();
    bitbucket.fault(
        Map.of("kind", "status", "status", 400, "times", 2, "path", "*" + commit + "*"));
    report(state("success").set("repository", byId(repository)));
    String first = dead(() -> letters("open")).path("id").asText();
    cinch("replay", first);
    JsonNode second = dead(() -> letters("open"));
    assertThat(second.path("replayOf").asText()).isEqualTo(first);
    assertThat(letters("replayed"))
        .extracting(letter -> letter.path("deadAgainAs").asText())
        .containsExactly(second.path("id").asText());

    cinch("replay", second.path("id").asText());
    awaitStatus("SUCCESSFUL");
  }

  private JsonNode dead(Callable<List<JsonNode>> letters) {
    return await().atMost(SOON).until(letters, some -> some.size() == 1).getFirst();
  }

  private List<JsonNode> letters(String state) throws Exception {
    List<JsonNode> letters = new ArrayList<>();
    JSON.readTree(cinch("list", "--repo", fullName, "--state", state, "--json"))
        .forEach(letters::add);
    return letters;
  }

  private String cinch(String... arguments) {
    List<String> all = new ArrayList<>(List.of("dead-letters"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--stack", stack.toString()));
    StringWriter out = new StringWriter();
    StringWriter said = new StringWriter();
    Main.run(new PrintWriter(out, true), new PrintWriter(said, true), all.toArray(String[]::new));
    err = said.toString();
    return out.toString();
  }

  private String connect() {
    Reply reply =
        api(
            "POST",
            "/repositories",
            new JsonObject()
                .put("forge", "bitbucket-cloud")
                .put("fullName", fullName)
                .put("token", bitbucket.token(fullName, "repository", "webhook"))
                .encode());
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    String id = reply.json().getString("id");
    // From then on whoever reads of an unknown repository finds it.
    await().atMost(SOON).until(() -> !published.records(Topic.CONNECTION, id).isEmpty());
    return id;
  }

  private static Reply api(String method, String path, String body) {
    return Http.send(
        method,
        url + "/api/v1" + path,
        Map.of(
            "Authorization", "Bearer " + RoleStand.API_TOKEN, "Content-Type", "application/json"),
        body);
  }

  private static JsonNode statuses(String repository) throws Exception {
    return JSON.readTree(api("GET", "/repositories/" + repository + "/statuses", "").body())
        .path("items");
  }

  private ObjectNode state(String state) {
    return JSON.createObjectNode()
        .put("commit", commit)
        .put("key", "unit")
        .put("state", state)
        .put("url", "https://ci.example.com/1")
        .put("occurredAt", Instant.now().toString());
  }

  private static ObjectNode byId(String repository) {
    return JSON.createObjectNode().put("id", repository);
  }

  private ObjectNode named(ObjectNode state) {
    state.putObject("repository").put("forge", "bitbucket-cloud").put("fullName", fullName);
    return state;
  }

  /** As a runner with Kafka; the record's event id. */
  private String report(ObjectNode state) {
    return topics.write(Topic.BUILD_STATE, fullName + ":" + commit, state.toString(), Map.of());
  }

  private void awaitStatus(String shown) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(bitbucket.statuses(fullName, commit))
                    .extracting(status -> status.getString("state"))
                    .containsExactly(shown));
  }
}
