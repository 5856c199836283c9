package sh.cinch.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.status_worker.Tables.STATUS;
import static sh.cinch.database.token_service.Tables.CREDENTIAL;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jsoup.Connection;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.FormElement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.ingress.Role;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.ShiftedClock;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TopicReader;
import sh.cinch.testkit.TopicWriter;

/**
 * Bitbucket answers 404 to everything for 45 minutes, as it once has, and all access tokens end
 * meanwhile. Nothing is found to be gone: no status is lost, no webhook made again, and nobody
 * asked to authorize.
 */
class NotFoundOutageTest {

  private static final int REPOSITORIES = Scale.of(4, 50);
  private static final int STATUSES = Scale.of(12, 500);
  private static final Duration OUTAGE = Duration.ofMinutes(45);
  private static final Duration STEP = Duration.ofMinutes(Scale.of(9, 1));
  private static final Duration LATEST = Duration.ofHours(2);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String MAIN = "refs/heads/main";
  private static final JsonObject NOTHING = new JsonObject();

  @TempDir private Path artifacts;

  private final Running running = new Running();
  private final ShiftedClock clock = new ShiftedClock();
  private final Connection browser = Jsoup.newSession().ignoreHttpErrors(true);
  private final Map<String, String> ids = new TreeMap<>();
  private final List<Told> told = new ArrayList<>();
  private RoleStand stand;
  private SimulatedBitbucket bitbucket;
  private TopicWriter topics;

  private record Told(String fullName, String commit, String key) {}

  @BeforeEach
  void start() {
    stand = running.with(RoleStand.byOneClock(artifacts, clock));
    stand.proxy().lead(Role.ALL, running.with(stand.ingress(Role.ALL)).port());
    bitbucket = stand.bitbucket();
    topics = running.with(new TopicWriter(stand.kafka()));
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  @Timeout(1200)
  void nothingIsLostNothingIsMadeAgainAndNobodyIsAsked() throws Exception {
    // They end while nobody can renew them.
    bitbucket.setting("accessTokenSeconds", OUTAGE.dividedBy(2).toSeconds());
    connect();
    runAll();
    Map<String, String> hooks = hooks();
    int made = hooksMade();
    int before = requests();

    bitbucket.fault(Map.of("path", "/2.0/*", "kind", "status", "status", 404));
    bitbucket.fault(Map.of("path", "/site/*", "kind", "status", "status", 404));
    endAll();
    pushAll();
    for (Duration gone = Duration.ZERO; gone.compareTo(OUTAGE) < 0; gone = gone.plus(STEP)) {
      passes(STEP);
      look();
    }
    int asked = requests() - before;
    assertThat(shown("SUCCESSFUL")).isZero();
    bitbucket.mend();
    Duration after = Duration.ZERO;
    while (shown("SUCCESSFUL") < told.size()) {
      assertThat(after).isLessThan(LATEST);
      passes(Duration.ofMinutes(1));
      after = after.plusMinutes(1);
    }

    assertThat(hooks()).as("each repository's webhook").isEqualTo(hooks);
    assertThat(hooksMade()).isEqualTo(made);
    nobodyWasAsked();
    nothingWasGivenUp();
    for (String fullName : ids.keySet()) {
      assertThat(repository(fullName).getJsonObject("credential").getString("state"))
          .isEqualTo("healthy");
    }
    Proof.of("404 to everything for 45 minutes")
        .that(
            ("%d repositories, half of them connected by one person's authorization, the others by"
                    + " tokens; all access tokens end meanwhile, and the token endpoint answers 404"
                    + " as well; %d statuses are running when it begins, and end then; %d pushes"
                    + " come meanwhile; people look at pages, try to connect again and to change a"
                    + " webhook's secret. By a clock that is put forward %d minutes at a time")
                .formatted(REPOSITORIES, STATUSES, REPOSITORIES, STEP.toMinutes()))
        .figure("statuses that end right", shown("SUCCESSFUL"))
        .figure("minutes after its end until the last of them is shown, at most", after.toMinutes())
        .figure("requests to Bitbucket meanwhile", asked)
        .figure("webhooks made meanwhile and afterwards", hooksMade() - made)
        .figure("credentials told to be anything but healthy", 0)
        .figure("outcomes that a status failed, dead letters", 0)
        .written();
  }

  private void connect() throws IOException {
    List<String> byPerson = new ArrayList<>();
    for (int i = 0; i < REPOSITORIES; i++) {
      String fullName = "acme/app-" + i;
      bitbucket.repository(fullName);
      if (i % 2 == 0) {
        byPerson.add(fullName);
      } else {
        Reply reply = connect(fullName);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        ids.put(fullName, reply.text("id"));
      }
    }
    Document consent = page("/auth/bitbucket");
    Document choice =
        submit(consent.expectForm("form[action*=authorize]"), Map.of("decision", "grant"));
    FormElement choose = choice.expectForm("form#choose");
    byPerson.forEach(
        fullName ->
            choose
                .select("input[name=repository][value=" + fullName + "]")
                .forEach(box -> box.attr("checked", true)));
    submit(choose, Map.of())
        .select("[data-id]")
        .forEach(one -> ids.put(one.attr("data-connected"), one.attr("data-id")));
    assertThat(ids).hasSize(REPOSITORIES);
  }

  private Reply connect(String fullName) {
    return api(
        "POST",
        "/repositories",
        new JsonObject()
            .put("forge", "bitbucket-cloud")
            .put("fullName", fullName)
            .put("token", bitbucket.token(fullName, "repository", "webhook")));
  }

  private void runAll() {
    ids.keySet()
        .forEach(
            fullName -> {
              String commit = bitbucket.push(fullName, MAIN);
              for (int i = 0; i < STATUSES / REPOSITORIES; i++) {
                told.add(new Told(fullName, commit, "check-" + i));
              }
            });
    told.forEach(one -> tell(one, "running", 1));
    await().atMost(SOON).until(() -> shown("INPROGRESS") == told.size());
  }

  private void endAll() {
    told.forEach(one -> tell(one, "success", 2));
  }

  /** Bitbucket tells of pushes, whatever its API answers. */
  private void pushAll() {
    for (String fullName : ids.keySet()) {
      JsonObject pushed = bitbucket.push(fullName);
      assertThat(pushed.getJsonArray("deliveries").encode()).contains("\"status\":202");
      Told one =
          new Told(
              fullName,
              pushed.getJsonArray("changes").getJsonObject(0).getString("new"),
              "after-push");
      told.add(one);
      tell(one, "running", 1);
      tell(one, "success", 2);
    }
  }

  private void tell(Told what, String state, int sequence) {
    String id = ids.get(what.fullName());
    topics.write(
        Topic.BUILD_STATE,
        id + ":" + what.commit(),
        new JsonObject()
            .put("repository", new JsonObject().put("id", id))
            .put("commit", what.commit())
            .put("ref", MAIN)
            .put("key", what.key())
            .put("number", "1")
            .put("state", state)
            .put("sequence", sequence)
            // The broker's time, which nobody puts forward.
            .put("occurredAt", Instant.now().toString())
            .encode()
            .getBytes(UTF_8),
        Map.of());
  }

  /** Everybody does what is due by then. */
  private void passes(Duration span) {
    clock.advance(span);
    await()
        .atMost(SOON)
        .until(
            () ->
                !stand.database().sql().fetchExists(STATUS, STATUS.DUE_AT.le(clock.instant()))
                    && !stand
                        .database()
                        .sql()
                        .fetchExists(CREDENTIAL, CREDENTIAL.DUE_AT.le(clock.instant())));
  }

  /** What people see and try meanwhile. */
  private void look() throws IOException {
    for (String path : List.of("/", "/account", "/connect", "/repositories/" + id("acme/app-0"))) {
      assertThat(page(path).text())
          .as(path)
          .doesNotContainIgnoringCase("authorize again")
          .doesNotContain("no longer accepts");
    }
    assertThat(connect("acme/app-1").status()).isBetween(400, 599);
    assertThat(
            api("POST", "/repositories/%s/webhook/secret".formatted(id("acme/app-1")), NOTHING)
                .status())
        .isBetween(400, 599);
    ids.keySet()
        .forEach(
            fullName ->
                assertThat(repository(fullName).getJsonObject("credential").getString("state"))
                    .isEqualTo("healthy"));
  }

  private void nobodyWasAsked() {
    assertThat(events(Topic.CREDENTIAL))
        .extracting(CredentialEvent::state)
        .containsOnly(CredentialEvent.State.HEALTHY);
    assertThat(events(Topic.CONNECTION))
        .extracting(ConnectionEvent::state)
        .containsOnly(ConnectionEvent.State.CONNECTED);
    assertThat(events(Topic.COMMIT_STATUS))
        .extracting(CommitStatusEvent::waitingFor)
        .doesNotContain(WaitingFor.AUTHORIZATION);
  }

  private void nothingWasGivenUp() {
    assertThat(events(Topic.OUTCOME))
        .extracting(Outcome::result)
        .doesNotContain(Outcome.Result.FAILED);
    try (TopicReader reader = new TopicReader(stand.kafka(), List.of(Topic.DEAD_LETTER))) {
      assertThat(reader.records()).isEmpty();
    }
  }

  private <T> List<T> events(Topic<T> topic) {
    try (TopicReader reader = new TopicReader(stand.kafka(), List.of(topic))) {
      return reader.events(topic);
    }
  }

  private long shown(String state) {
    return ids.keySet().stream()
        .flatMap(
            fullName ->
                bitbucket
                    .control("GET", "/repositories/" + fullName + "/statuses", NOTHING)
                    .getJsonArray("statuses")
                    .stream())
        .filter(status -> state.equals(((JsonObject) status).getString("state")))
        .count();
  }

  /** The one of each repository. */
  private Map<String, String> hooks() {
    Map<String, String> hooks = new TreeMap<>();
    for (String fullName : ids.keySet()) {
      List<JsonObject> found = bitbucket.hooks(fullName);
      assertThat(found).as(fullName).hasSize(1);
      hooks.put(fullName, found.getFirst().getString("uuid"));
    }
    return hooks;
  }

  private int hooksMade() {
    return bitbucket.requests("POST", "*/hooks");
  }

  private int requests() {
    return bitbucket.requests("GET", "/2.0/*")
        + bitbucket.requests("POST", "/2.0/*")
        + bitbucket.tokenRequests();
  }

  private JsonObject repository(String fullName) {
    return api("GET", "/repositories/" + id(fullName), NOTHING).json();
  }

  private String id(String fullName) {
    return Objects.requireNonNull(ids.get(fullName));
  }

  private Reply api(String method, String path, JsonObject body) {
    return Http.send(
        method,
        stand.proxy().url() + "/api/v1" + path,
        Map.of(
            "Authorization", "Bearer " + RoleStand.API_TOKEN, "Content-Type", "application/json"),
        body.isEmpty() ? "" : body.encode());
  }

  private Document page(String path) throws IOException {
    return browser.newRequest(stand.proxy().url() + path).get();
  }

  private static Document submit(FormElement form, Map<String, String> button) throws IOException {
    return form.submit().data(button).execute().parse();
  }
}
