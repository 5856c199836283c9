package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.testkit.Reply;

/** A repository is its uuid: what it is called follows what the forge says. */
@OnStack
class RepositoryNamesTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final Stack stack;
  private final Api operator;
  private final String name = "acme/" + Stack.slug();
  private final String newName = name + "-renamed";

  RepositoryNamesTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    stack.bitbucket().repository(name);
  }

  @Test
  void bothUuidsArePublished() {
    UUID id = connect(name);
    await().atMost(SOON).until(() -> !connections(id).isEmpty());
    assertThat(connections(id).getLast().workspaceUuid()).matches("\\{[0-9a-f-]{36}}");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRenameIsLearntFromTheForgeOnceADeliveryHints(boolean redirect) {
    UUID id = connect(name);
    stack.bitbucket().rename(name, newName, redirect);
    stack.bitbucket().push(newName);

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(connections(id))
                    .last()
                    .returns(newName, event -> event.repository().fullName())
                    .returns(List.of(name), ConnectionEvent::formerNames));
    assertThat(operator.get("/repositories/" + id).json().getString("fullName")).isEqualTo(newName);
    assertThat(pushes(id))
        .as("what the payload says is not believed")
        .singleElement()
        .returns(name, push -> push.repository().fullName());
    // A hook is remembered for a second.
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              stack.bitbucket().push(newName);
              assertThat(pushes(id).getLast().repository().cloneUrl())
                  .endsWith("/" + newName + ".git");
            });
  }

  @Test
  void aRepositoryIsFoundInTheWorkspaceItWasMovedTo() {
    UUID id = connect(name);
    String moved = "workspace-" + Stack.slug() + "/app";
    stack.bitbucket().rename(name, moved, false);
    stack.bitbucket().push(moved);

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(connections(id))
                    .last()
                    .returns(moved, event -> event.repository().fullName())
                    .satisfies(
                        event ->
                            assertThat(event.workspaceUuid())
                                .isNotEqualTo(connections(id).getFirst().workspaceUuid())));
  }

  @ParameterizedTest
  @MethodSource("names")
  void aNameThatOnlyAPayloadHasStaysUnknown(String said, boolean isOne) {
    UUID id = connect(name);
    JsonObject body =
        new JsonObject(
            """
            {"repository":{"uuid":"%s"},"push":{"changes":[{"new":
            {"type":"branch","name":"main","target":{"hash":"%s"}},"old":null,"created":true}]}}
            """
                .formatted(
                    operator.get("/repositories/" + id).json().getString("uuid"), "ab".repeat(20)));
    body.getJsonObject("repository").put("full_name", said);
    stack.bitbucket().deliver(name, "repo:push", body);

    await().atMost(SOON).until(() -> asked(id));
    assertThat(pushes(id))
        .singleElement()
        .returns(name, push -> push.repository().fullName())
        .satisfies(push -> assertThat(push.repository().cloneUrl()).endsWith("/" + name + ".git"));
    assertThat(stack.records(Topic.PUSH, id.toString()))
        .extracting(record -> record.header("ce_subject"))
        .containsExactly(Optional.of(name));
    assertThat(operator.get("/repositories/" + id).json().getString("fullName")).isEqualTo(name);
    assertThat(connections(id)).allMatch(event -> event.formerNames().isEmpty());
    assertThat(hint(id)).isEqualTo(isOne ? said : null);
  }

  static Stream<Arguments> names() {
    return Stream.of(
        arguments("evil/app", true),
        arguments("../../evil.example/x", false),
        arguments("x@evil.example/y", false),
        arguments("../x", false),
        arguments("evil/app\u001b]0;x\u0007\n", false),
        arguments("evil/" + "x".repeat(5_000), false));
  }

  private @Nullable String hint(UUID id) {
    return stack
        .context()
        .database()
        .sql()
        .select(REPOSITORY.HINTED_NAME)
        .from(REPOSITORY)
        .where(REPOSITORY.ID.eq(id))
        .fetchOne(REPOSITORY.HINTED_NAME);
  }

  @Test
  void whatReportsByAFormerNameIsUnderstood() {
    UUID id = connect(name);
    stack.bitbucket().rename(name, newName, true);
    connect(newName);

    JsonObject release =
        new JsonObject()
            .put("repository", named(name))
            .put("tag", "no-such-tag")
            .put("files", new io.vertx.core.json.JsonArray());
    assertThat(operator.post("/releases", release).status())
        .as("found, and then found wanting")
        .isEqualTo(400);
    assertThat(
            operator
                .post(
                    "/repositories/" + id + "/build-states",
                    new JsonObject()
                        .put("repository", named(name))
                        .put("commit", "ab".repeat(20))
                        .put("state", "success")
                        .put("occurredAt", Instant.now().toString()))
                .status())
        .isEqualTo(202);
  }

  @Test
  void aRepositoryIsConnectedByItsOldNameAndToldItsNewOne() {
    String token = stack.bitbucket().token(name, "repository", "webhook");
    stack.bitbucket().rename(name, newName, true);

    Reply made = connect(name, token);

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().getString("fullName")).isEqualTo(newName);
    assertThat(made.json().getJsonArray("warnings").getString(0))
        .isEqualTo("%s is called %s by now; both names are understood.".formatted(name, newName));
  }

  /** No credential goes anywhere else, whatever the redirect says. */
  @Test
  void aNewPlaceElsewhereIsAskedForAtOurOwnApi() {
    String token = stack.bitbucket().token(name, "repository", "webhook");
    String old = name + "-old";
    stack
        .bitbucket()
        .fault(
            Map.of(
                "path",
                "/2.0/repositories/" + old,
                "kind",
                "status",
                "status",
                301,
                "headers",
                Map.of("Location", "https://elsewhere.invalid/2.0/repositories/" + name)));
    try {
      Reply made = connect(old, token);

      assertThat(made.status()).as(made.body()).isEqualTo(201);
      assertThat(made.json().getString("fullName")).isEqualTo(name);
      assertThat(made.json().getJsonArray("warnings").getString(0))
          .startsWith("%s is called %s by now".formatted(old, name));
    } finally {
      stack.bitbucket().mend();
    }
  }

  @Test
  void whatWasConnectedBeforeUuidsWereAskedForIsPublishedWithIt() {
    UUID id = connect(name);
    await().atMost(SOON).until(() -> connections(id).size() == 1);
    stack
        .context()
        .database()
        .sql()
        .update(REPOSITORY)
        .setNull(REPOSITORY.WORKSPACE_UUID)
        .set(REPOSITORY.NAME_DUE_AT, Instant.now())
        .where(REPOSITORY.ID.eq(id))
        .execute();

    await().atMost(SOON).until(() -> connections(id).size() == 2);
    assertThat(connections(id).getLast().workspaceUuid()).isNotNull();
  }

  private boolean asked(UUID id) {
    return stack
        .context()
        .database()
        .sql()
        .fetchExists(REPOSITORY, REPOSITORY.ID.eq(id).and(REPOSITORY.NAME_ASKED_AT.isNotNull()));
  }

  private static JsonObject named(String fullName) {
    return new JsonObject().put("forge", "bitbucket-cloud").put("fullName", fullName);
  }

  private UUID connect(String fullName) {
    Reply made = connect(fullName, stack.bitbucket().token(fullName, "repository", "webhook"));
    assertThat(made.status()).isBetween(200, 201);
    return UUID.fromString(made.json().getString("id"));
  }

  private Reply connect(String fullName, String token) {
    return operator.post("/repositories", named(fullName).put("token", token));
  }

  private List<ConnectionEvent> connections(UUID id) {
    return events(Topic.CONNECTION, id, ConnectionEvent.class);
  }

  private List<PushEvent> pushes(UUID id) {
    return events(Topic.PUSH, id, PushEvent.class);
  }

  private <T> List<T> events(Topic<T> topic, UUID id, Class<T> type) {
    return stack.records(topic, id.toString()).stream()
        .map(Incoming::value)
        .map(value -> EventJson.read(value, type))
        .map(
            reading ->
                switch (reading) {
                  case Reading.Good<T>(T event) -> event;
                  case Reading.Bad<T>(String reason) -> throw new AssertionError(reason);
                })
        .toList();
  }
}
