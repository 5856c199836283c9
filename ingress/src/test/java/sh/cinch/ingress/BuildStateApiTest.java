package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.REPORTED_STATE;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.event.Limits;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.Reply;

@OnStack
class BuildStateApiTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final Stack stack;
  private final Api operator;
  private final String name = "acme/" + Stack.slug();
  private final String id;

  BuildStateApiTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    stack.bitbucket().repository(name);
    this.id = stack.connect(name);
  }

  @Test
  void buildStateBecomesARecord() {
    Reply accepted = report(operator, state());

    assertThat(accepted.status()).isEqualTo(202);
    ConsumerRecord<byte[], byte[]> record = record(id + ":" + COMMIT);
    JsonObject value = new JsonObject(text(record.value()));
    assertThat(value.getJsonObject("repository").getString("id")).isEqualTo(id);
    assertThat(value.getString("state")).isEqualTo("running");
    assertThat(header(record, "ce_id")).isEqualTo(accepted.json().getString("eventId"));
    assertThat(header(record, "ce_type")).isEqualTo("sh.cinch.build-state");
    assertThat(header(record, "ce_source")).isEqualTo("/cinch/ingress");
    assertThat(header(record, "traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }

  @Test
  void reportedStateIsKeptAndShownOnceTheStatusWorkerSaysSo() {
    Reply accepted = report(operator, state().put("name", "Unit tests"));

    await()
        .untilAsserted(
            () ->
                assertThat(
                        stack
                            .context()
                            .database()
                            .sql()
                            .selectFrom(REPORTED_STATE)
                            .where(REPORTED_STATE.REPOSITORY_ID.eq(UUID.fromString(id)))
                            .fetch(REPORTED_STATE.EVENT_ID))
                    .containsExactly(accepted.json().getString("eventId")));
    assertThat(operator.get("/repositories/" + id + "/statuses").json().getJsonArray("items"))
        .isEmpty();
  }

  @Test
  void repositoryInTheBodyMayRepeatTheAddress() {
    assertThat(report(operator, state().put("repository", new JsonObject().put("id", id))).status())
        .isEqualTo(202);
    assertThat(
            report(
                    operator,
                    state()
                        .put(
                            "repository",
                            new JsonObject().put("forge", "bitbucket-cloud").put("fullName", name)))
                .status())
        .isEqualTo(202);
  }

  @Test
  void anotherRepositoryInTheBodyIsRefused() {
    Reply refused =
        report(
            operator,
            state().put("repository", new JsonObject().put("id", UUID.randomUUID().toString())));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().getString("detail")).contains("not the one in the address");
  }

  @Test
  void badBuildStatesAreRefusedWithTheReason() {
    assertRefused("{", "JSON");
    assertRefused(state().put("state", "splendid").encode(), "one of pending, running, success");
    assertRefused(state().put("state", "SUCCESS").encode(), "one of pending, running, success");
    assertRefused(state().put("state", 2).encode(), "one of pending, running, success");
    assertRefused(state().put("state", "").encode(), "state");
    assertRefused(without("state"), "'state' is missing");
    assertRefused(without("occurredAt"), "'occurredAt' is missing");
    assertRefused(state().put("occurredAt", "yesterday").encode(), "a time such as");
    String ancient = Instant.now().minus(Limits.AGE).toString();
    assertRefused(
        state().put("occurredAt", ancient).encode(), ancient + ", more than 100 days before");
    assertRefused(state().put("commit", "abc").encode(), "'commit' is not a full commit hash");
    assertRefused(state().put("key", "k".repeat(256)).encode(), "'key' is longer than 255");
    assertRefused(state().put("number", "4\0").encode(), "'number' contains a character");
    assertRefused(state().put("ref", "r".repeat(290)).encode(), "'ref' is longer than 300");
    assertRefused(state().put("pushId", "p".repeat(256)).encode(), "'pushId' is longer than 255");
    assertRefused(state().put("sequence", "two").encode(), "sequence");
    assertRefused("[]", "object");
  }

  /** Its record still has to reach the broker, whose clock decides. */
  @Test
  void whatIsNearlyTooOldIsRefusedAtOnceAndNotAsADeadLetter() {
    Instant oldest = Instant.now().minus(Limits.AGE);
    assertRefused(
        state().put("occurredAt", oldest.plusSeconds(240).toString()).encode(), "more than 100");
    assertThat(
            report(operator, state().put("occurredAt", oldest.plusSeconds(360).toString()))
                .status())
        .isEqualTo(202);
  }

  @Test
  void unknownRepositoryIsNotFound() {
    Reply refused = operator.post("/repositories/" + UUID.randomUUID() + "/build-states", state());

    assertThat(refused.status()).isEqualTo(404);
  }

  @Test
  void disconnectedRepositoryTakesNone() {
    operator.delete("/repositories/" + id);

    assertThat(report(operator, state()).status()).isEqualTo(409);
  }

  @Test
  void runnerReportsOnItsRepositoriesAndNoOthers() {
    String other = "acme/" + Stack.slug();
    stack.bitbucket().repository(other);
    String otherId = stack.connect(other);
    Api runner = stack.runner(id);

    assertThat(report(runner, state()).status()).isEqualTo(202);
    assertThat(runner.post("/repositories/" + otherId + "/build-states", state()).status())
        .isEqualTo(404);
    assertThat(runner.get("/repositories").json().getJsonArray("items")).hasSize(1);
    assertThat(runner.get("/repositories/" + id).status()).isEqualTo(200);
    assertThat(runner.get("/repositories/" + otherId).status()).isEqualTo(404);
  }

  @Test
  void runnerChangesNothingElse() {
    Api runner = stack.runner(id);

    assertThat(runner.delete("/repositories/" + id).status()).isEqualTo(403);
    assertThat(runner.send("POST", "/repositories/" + id + "/webhook/secret", "").status())
        .isEqualTo(403);
    assertThat(runner.get("/tokens").status()).isEqualTo(403);
    assertThat(
            runner
                .post(
                    "/repositories",
                    new JsonObject()
                        .put("forge", "bitbucket-cloud")
                        .put("fullName", name)
                        .put("token", "x"))
                .status())
        .isEqualTo(403);
  }

  private void assertRefused(String body, String saying) {
    Reply refused = operator.send("POST", "/repositories/" + id + "/build-states", body);

    assertThat(refused.status()).as(body).isEqualTo(400);
    assertThat(refused.json().getString("detail")).as(body).contains(saying);
  }

  private Reply report(Api api, JsonObject state) {
    return api.post("/repositories/" + id + "/build-states", state);
  }

  private static JsonObject state() {
    return new JsonObject()
        .put("commit", COMMIT)
        .put("key", "unit")
        .put("state", "running")
        .put("occurredAt", Instant.now().toString());
  }

  private static String without(String field) {
    JsonObject state = state();
    state.remove(field);
    return state.encode();
  }

  private ConsumerRecord<byte[], byte[]> record(String key) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (Consumer<byte[], byte[]> reader = stack.context().kafka().reader()) {
      reader.assign(
          reader.partitionsFor(Topic.BUILD_STATE.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList());
      reader.seekToBeginning(reader.assignment());
      await()
          .until(
              () -> {
                reader
                    .poll(Duration.ofMillis(200))
                    .forEach(
                        record -> {
                          if (text(record.key()).equals(key)) {
                            found.add(record);
                          }
                        });
                return !found.isEmpty();
              });
    }
    return found.getFirst();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return text(record.headers().lastHeader(name).value());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
