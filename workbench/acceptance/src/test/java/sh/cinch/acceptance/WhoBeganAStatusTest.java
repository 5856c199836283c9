package sh.cinch.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.awaitility.Awaitility;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.local.demo.Person;
import sh.cinch.local.stack.Stack;
import sh.cinch.schema.status.StatusKey;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TopicReader;
import sh.cinch.testkit.TopicWriter;

/**
 * A repository gets another credential while builds run. Bitbucket lets the account that made a
 * status overwrite it, and administrators: every build comes to its end all the same.
 */
class WhoBeganAStatusTest {

  private static final String MAIN = "refs/heads/main";

  @TempDir private static Path home;
  private static Stack stack;
  private static Api api;
  private static SimulatedBitbucket bitbucket;
  private static TopicReader topics;
  private static TopicWriter writer;

  private final String fullName = "acme/r" + UUID.randomUUID().toString().substring(0, 8);
  private final Instant began = Instant.now();
  private String commit = "";

  @BeforeAll
  static void start() {
    stack = TestStack.start(home);
    api = new Api(stack.addresses());
    bitbucket = SimulatedBitbucket.at(stack.addresses().simulator().orElseThrow());
    topics = new TopicReader(stack.addresses().kafka(), Topic.ALL);
    writer = new TopicWriter(stack.addresses().kafka());
  }

  @AfterAll
  static void stop() {
    topics.close();
    writer.close();
    stack.close();
  }

  @AfterEach
  void asUsual() {
    bitbucket.identifyStatusesBy("key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "key+refname"})
  void aRenewedTokenFinishesWhatTheOldOneBegan(String identity) throws Exception {
    bitbucket.identifyStatusesBy(identity);
    String id = connect("");
    posted(id, "unit", "running", "INPROGRESS", 1);
    assertThat(connect("")).isEqualTo(id);
    posted(id, "lint", "running", "INPROGRESS", 2);
    posted(id, "unit", "success", "SUCCESSFUL", 3);
    posted(id, "lint", "failure", "FAILED", 4);

    assertThat(shown())
        .containsExactlyInAnyOrder(tuple("unit", "SUCCESSFUL"), tuple("lint", "FAILED"));
    assertThat(deadLetters(id)).isEmpty();
  }

  @Test
  void whereTheOldTokenIsForgottenTheResultStandsBesideWhatStays() throws Exception {
    String id = connect("");
    posted(id, "unit", "running", "INPROGRESS", 1);
    connect("?forget=true");
    String own = StatusKey.further("unit", MAIN);
    report(id, "unit", "success", 2);
    awaitShown(own, "SUCCESSFUL");

    assertThat(shown())
        .containsExactlyInAnyOrder(tuple("unit", "INPROGRESS"), tuple(own, "SUCCESSFUL"));
    JsonNode status = awaitDelivered(id);
    assertThat(status.at("/shown/key").asText()).isEqualTo(own);
    assertThat(status.path("warnings").path(0).asText())
        .startsWith("\"unit\" on Bitbucket was made by another account");
    assertThat(deadLetters(id)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "key+refname"})
  void anotherPersonTakesTheConnectionOver(String identity) throws Exception {
    bitbucket.identifyStatusesBy(identity);
    String ada = person("ada");
    String id = connectAs(ada);
    posted(id, "unit", "running", "INPROGRESS", 1);
    posted(id, "lint", "running", "INPROGRESS", 2);

    String bea = person("bea");
    assertThat(connectAs(bea)).isEqualTo(id);
    bitbucket.member(fullName, bea, "write");
    posted(id, "unit", "success", "SUCCESSFUL", 3);

    bitbucket.setting("revokeGrant", ada);
    String own = StatusKey.further("lint", MAIN);
    report(id, "lint", "success", 4);
    awaitShown(own, "SUCCESSFUL");
    assertThat(shown())
        .containsExactlyInAnyOrder(
            tuple("unit", "SUCCESSFUL"), tuple("lint", "INPROGRESS"), tuple(own, "SUCCESSFUL"));
    assertThat(deadLetters(id)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "key+refname"})
  void fromAnAuthorizationToATokenAndBack(String identity) throws Exception {
    bitbucket.identifyStatusesBy(identity);
    String ada = person("ada");
    String id = connectAs(ada);
    posted(id, "unit", "running", "INPROGRESS", 1);
    posted(id, "docs", "running", "INPROGRESS", 2);
    connect("?replace=true");
    bitbucket.member(fullName, ada, "write");
    posted(id, "unit", "success", "SUCCESSFUL", 3);
    posted(id, "lint", "running", "INPROGRESS", 4);

    bitbucket.member(fullName, ada, "admin");
    connectAs(ada);
    bitbucket.member(fullName, ada, "write");
    posted(id, "lint", "success", "SUCCESSFUL", 5);
    posted(id, "docs", "success", "SUCCESSFUL", 6);
    assertThat(shown())
        .containsExactlyInAnyOrder(
            tuple("unit", "SUCCESSFUL"), tuple("lint", "SUCCESSFUL"), tuple("docs", "SUCCESSFUL"));
    assertThat(deadLetters(id)).isEmpty();
  }

  @Test
  void disconnectingEndsWhatIsUnderWay() throws Exception {
    String id = connect("");
    posted(id, "unit", "running", "INPROGRESS", 1);
    api.call("DELETE", "/repositories/" + id, "");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              JsonNode status = status(id);
              assertThat(status.path("outcome").asText()).isEqualTo("failed");
              assertThat(status.path("reason").asText())
                  .contains("not connected with Cinch any more", "\"unit\" stays INPROGRESS");
            });
    assertThat(deadLetters(id)).isEmpty();
  }

  /** With another token of the repository each time. */
  private String connect(String query) throws Exception {
    bitbucket.repository(fullName);
    Reply reply =
        api.call(
            "POST",
            "/repositories" + query,
            new JsonObject()
                .put("forge", "bitbucket-cloud")
                .put("fullName", fullName)
                .put("token", bitbucket.token(fullName, "repository", "webhook"))
                .encode());
    assertThat(reply.status()).as(reply.body()).isIn(200, 201);
    return pushed(reply.text("id"));
  }

  /** Through the pages, by whatever credential it is connected now. */
  private String connectAs(String nickname) throws Exception {
    Person person = new Person();
    Document consent = person.open(stack.addresses().ingress().resolve("/auth/bitbucket"));
    consent.select("input[name=user]").removeAttr("checked");
    consent.select("input[name=user][value=" + nickname + "]").attr("checked", "checked");
    Document choice = person.submit(consent, "authorize", List.of(), Map.of("decision", "grant"));
    Document connected = person.submit(choice, "connect", List.of(fullName), Map.of());
    if (!connected.select("input[name=replace]").isEmpty()) {
      connected = person.submit(connected, "connect", List.of(), Map.of());
    }
    return pushed(connected.select("[data-id]").attr("data-id"));
  }

  private String person(String name) {
    String nickname = name + "-" + UUID.randomUUID().toString().substring(0, 8);
    bitbucket.repository(fullName);
    bitbucket.person(nickname, fullName, "admin");
    return nickname;
  }

  private String pushed(String id) {
    if (commit.isEmpty()) {
      commit = bitbucket.push(fullName, MAIN);
    }
    return id;
  }

  private void posted(String id, String key, String state, String onBitbucket, int second) {
    report(id, key, state, second);
    awaitShown(key, onBitbucket);
  }

  private void report(String id, String key, String state, int second) {
    writer.write(
        Topic.BUILD_STATE,
        id + ":" + commit,
        new JsonObject()
            .put("repository", new JsonObject().put("id", id))
            .put("commit", commit)
            .put("ref", MAIN)
            .put("key", key)
            .put("number", "1")
            .put("state", state)
            .put("occurredAt", began.plusSeconds(second).toString())
            .encode()
            .getBytes(UTF_8),
        Map.of());
  }

  private void awaitShown(String key, String state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(shown()).contains(tuple(key, state)));
  }

  private JsonNode awaitDelivered(String id) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> status(id), status -> status.path("outcome").asText().equals("delivered"));
  }

  private static JsonNode status(String id) throws Exception {
    return api.get("/repositories/" + id + "/statuses").at("/items/0");
  }

  private List<Tuple> shown() {
    return bitbucket.statuses(fullName, commit).stream()
        .map(status -> tuple(status.getString("key"), status.getString("state")))
        .toList();
  }

  private List<?> deadLetters(String id) {
    return topics.records(Topic.DEAD_LETTER, id + ":" + commit);
  }
}
