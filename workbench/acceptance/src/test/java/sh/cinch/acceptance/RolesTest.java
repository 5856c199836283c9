package sh.cinch.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.ingress.Role.PROJECTIONS;
import static sh.cinch.ingress.Role.WEB;
import static sh.cinch.ingress.Role.WEBHOOKS;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.cinch.ingress.Role;
import sh.cinch.local.demo.Person;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.RunningService;
import sh.cinch.service.text.EnumWord;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TopicReader;

/**
 * Whatever roles the instances of an ingress have: where each runs somewhere, nothing is missed.
 */
@Execution(ExecutionMode.CONCURRENT)
class RolesTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  /** What ready counts, with any role and with each. */
  private static final Set<String> ANY =
      Set.of("database", "keyset", "keyset-watch", "reencryption", "topics");

  private static final Map<Role, Set<String>> PARTS =
      Map.of(
          WEBHOOKS,
          Set.of("outbox", "hooks", "delivery log", "publisher", "expected pushes", "held pushes"),
          WEB,
          Set.of("address", "budgets", "live feed", "publisher", "expected pushes", "pushes"),
          PROJECTIONS,
          Set.of(
              "budgets",
              "projection",
              "dead-letter-room",
              "session-sweep",
              "credential-sweep",
              "repository-names",
              "hook-signs",
              "hook-upkeep",
              "cinch.hooks.moving",
              "held-push-checks",
              "cinch.held.pushes",
              "longest-wait",
              "artifact-sweep",
              "stray-artifacts",
              "old-push-consumers",
              "old-deliveries",
              "old-delivery-bodies",
              "old-delivery-body-keys",
              "old-simulations",
              "old-pushes",
              "old-statuses",
              "old-twins",
              "old-former-bodies",
              "old-reports",
              "old-releases",
              "old-dead-letters",
              "old-unlisted-dead-letters",
              "reconciler",
              "reconciler-gauges",
              "missed-pushes",
              "after-outage",
              "workspaces",
              "workspace-looks",
              "old-missed-pushes",
              "old-known-heads",
              "old-heads-of-disconnected"));

  @TempDir private static Path artifacts;
  private static RoleStand stand;
  private static TopicReader topics;

  private final Running instances = new Running();
  private final String name = "acme/app-" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeAll
  static void start() {
    stand = new RoleStand(artifacts);
    topics = new TopicReader(stand.kafka(), List.of(Topic.PUSH, Topic.CONNECTION));
  }

  @AfterAll
  static void stop() {
    topics.close();
    stand.close();
  }

  /** Each of the seven combinations is in one of them. */
  static Stream<List<Set<Role>>> arrangements() {
    return Stream.of(
        List.of(Role.ALL),
        List.of(Set.of(WEBHOOKS), Set.of(WEB), Set.of(PROJECTIONS)),
        List.of(Set.of(WEBHOOKS, WEB), Set.of(PROJECTIONS)),
        List.of(Set.of(WEBHOOKS, PROJECTIONS), Set.of(WEB)),
        List.of(Set.of(WEB, PROJECTIONS), Set.of(WEBHOOKS)));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.SAME_THREAD)
  @MethodSource("arrangements")
  void theMainJobIsDone(List<Set<Role>> arrangement) {
    try (instances) {
      for (Set<Role> roles : arrangement) {
        RunningService instance = start(roles);
        assertIsReadyWithItsOwnPartsAlone(instance, roles);
        assertServesItsOwnAddressesAlone(instance, roles);
      }

      String renamed = name + "-renamed";
      String id = connect();
      SimulatedBitbucket bitbucket = stand.bitbucket();
      bitbucket.rename(name, renamed, true);
      String commit = push(renamed, id);
      report(id, commit);

      awaitStatus(renamed, commit);
      awaitShown(id);
      assertThat(page(id).select("#statuses").text())
          .contains("Unit tests", commit.substring(0, 12));
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                assertThat(api("GET", "/repositories/" + id, "").text("fullName"))
                    .as("hinted at by the delivery, and told by the forge")
                    .isEqualTo(renamed);
                assertThat(topics.records(Topic.CONNECTION, id).getLast())
                    .as("sent from the outbox")
                    .satisfies(
                        record ->
                            assertThat(new String(record.value(), UTF_8))
                                .contains(renamed, "\"healthy\""));
              });
    }
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void whatIsMissedWithoutProjectionsIsCopiedOnceTheyAreBack() {
    try (instances) {
      start(Set.of(WEBHOOKS));
      start(Set.of(WEB));
      RunningService projections = stand.ingress(Set.of(PROJECTIONS));
      String id = connect();
      report(id, push(name, id));
      awaitShown(id);
      projections.close();

      String commit = push(name, id);
      report(id, commit);
      awaitStatus(name, commit);
      assertThat(api("GET", "/repositories/" + id + "/statuses", "").body()).doesNotContain(commit);
      assertThat(page(id).text()).doesNotContain(commit.substring(0, 12));

      start(Set.of(PROJECTIONS));
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(api("GET", "/repositories/" + id + "/statuses", "").body())
                      .contains(commit));
    }
  }

  private static void assertIsReadyWithItsOwnPartsAlone(RunningService instance, Set<Role> roles) {
    URI management = URI.create("http://localhost:" + instance.managementPort());
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(get(management + "/health/ready"))
                    .returns(200, Reply::status)
                    .returns("ready\n", Reply::body));
    Set<String> parts = new TreeSet<>(ANY);
    roles.forEach(role -> parts.addAll(PARTS.getOrDefault(role, Set.of())));
    JsonObject told = get(management + "/roles").json();
    assertThat(told.getJsonArray("parts"))
        .as("%s", roles)
        .containsExactlyElementsOf(new ArrayList<>(parts));
    assertThat(told.getJsonArray("roles"))
        .containsExactlyElementsOf(
            Stream.of(Role.values()).filter(roles::contains).map(EnumWord::word).toList());
    String metrics = get(management + "/metrics").body();
    for (Role role : Role.values()) {
      assertThat(metrics)
          .contains(
              "cinch_ingress_role{role=\"%s\"} %s"
                  .formatted(EnumWord.word(role), roles.contains(role) ? "1.0" : "0.0"));
    }
  }

  private static void assertServesItsOwnAddressesAlone(RunningService instance, Set<Role> roles) {
    String address = "http://localhost:" + instance.port();
    assertThat(get(address + "/health/live").body()).isEqualTo("live\n");
    assertThat(get(address + "/health/ready").body()).isEqualTo("ready\n");
    String hook = address + "/webhooks/bitbucket/" + UUID.randomUUID();
    if (roles.contains(WEBHOOKS)) {
      assertThat(get(hook).status()).isEqualTo(405);
    } else {
      assertThat(get(hook))
          .returns(404, Reply::status)
          .satisfies(reply -> assertThat(reply.body()).contains("role webhooks"));
      assertThat(Http.json("POST", hook, new JsonObject()).status()).isEqualTo(404);
    }
    if (roles.contains(WEB)) {
      assertThat(get(address + "/").status()).isEqualTo(200);
      assertThat(get(address + "/api/v1/repositories").status()).isEqualTo(401);
    } else {
      for (String path : List.of("/", "/connect", "/auth/bitbucket", "/static/cinch.css")) {
        assertThat(get(address + path).status()).as(path).isEqualTo(404);
      }
      assertThat(get(address + "/internal/repositories/x/artifacts/y").status()).isEqualTo(404);
      assertThat(get(address + "/api/v1/repositories"))
          .returns(404, Reply::status)
          .returns("application/problem+json", reply -> reply.header("content-type"))
          .satisfies(reply -> assertThat(reply.text("detail")).contains("role web does"));
    }
  }

  /** One that the proxy leads to. */
  private RunningService start(Set<Role> roles) {
    RunningService instance = instances.with(stand.ingress(roles));
    stand.proxy().lead(roles, instance.port());
    return instance;
  }

  /** Cinch's id of the repository, once workers can hear of it; its webhook leads to the proxy. */
  private String connect() {
    stand.bitbucket().repository(name);
    Reply connected =
        api(
            "POST",
            "/repositories",
            new JsonObject()
                .put("forge", "bitbucket-cloud")
                .put("fullName", name)
                .put("token", stand.bitbucket().token(name, "repository", "webhook"))
                .encode());
    assertThat(connected.status()).as("%s", connected).isEqualTo(201);
    String id = connected.text("id");
    await().atMost(SOON).until(() -> !topics.records(Topic.CONNECTION, id).isEmpty());
    return id;
  }

  /** The commit, once its event is on Kafka. */
  private static String push(String fullName, String id) {
    String commit = stand.bitbucket().push(fullName, "refs/heads/main");
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(topics.records(Topic.PUSH, id).getLast())
                    .extracting(record -> TopicReader.event(record, Topic.PUSH).commit())
                    .isEqualTo(commit));
    return commit;
  }

  private static void report(String id, String commit) {
    assertThat(
            api(
                    "POST",
                    "/repositories/" + id + "/build-states",
                    new JsonObject()
                        .put("commit", commit)
                        .put("ref", "refs/heads/main")
                        .put("key", "unit")
                        .put("name", "Unit tests")
                        .put("state", "success")
                        .put("url", "https://ci.example.com/1")
                        .put("occurredAt", Instant.now().toString())
                        .encode())
                .status())
        .isEqualTo(202);
  }

  private static void awaitStatus(String fullName, String commit) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(stand.bitbucket().statuses(fullName, commit))
                    .extracting(status -> status.getString("state"))
                    .containsExactly("SUCCESSFUL"));
  }

  private static void awaitShown(String id) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        api("GET", "/repositories/" + id + "/statuses", "")
                            .json()
                            .getJsonArray("items"))
                    .singleElement()
                    .isInstanceOfSatisfying(
                        JsonObject.class,
                        status -> assertThat(status.getString("outcome")).isEqualTo("delivered")));
  }

  /** The repository's, as somebody sees it who has just signed in. */
  private static Document page(String id) {
    Person person = new Person();
    Document landing = person.open(stand.proxy().url());
    Document consent = person.follow(landing, "/auth/bitbucket");
    Document unused = person.submit(consent, "authorize", List.of(), Map.of("decision", "grant"));
    return person.open(stand.proxy().url().resolve("/repositories/" + id));
  }

  private static Reply get(String url) {
    return Http.send("GET", url, Map.of(), "");
  }

  private static Reply api(String method, String path, String body) {
    return Http.send(
        method,
        stand.proxy().url() + "/api/v1" + path,
        Map.of(
            "Authorization", "Bearer " + RoleStand.API_TOKEN, "Content-Type", "application/json"),
        body);
  }
}
