package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.status_worker.Tables.STATUS;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.ConnectedRepository;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.TopicReader;

/** A repository of its own for each test, connected, with one commit. */
final class Project {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Stack stack = Stack.SHARED;
  private final Instant began = Instant.now();
  private final ConnectedRepository connected;
  final Repository repository;
  final FakeTokenService.Credential credential;
  final String commit;

  private Project(String workspace, String scope) {
    connected =
        new ConnectedRepository(
            stack.bitbucket, stack.tokenService, stack.topics, workspace, new String[] {scope});
    repository = connected.repository();
    credential = connected.credential();
    commit = stack.bitbucket.push(fullName(), "refs/heads/main");
  }

  static Project connected() {
    return new Project("acme", "repository");
  }

  static Project connectedWith(String scope) {
    return new Project("acme", scope);
  }

  /** The only one in its workspace. */
  static Project connectedIn(String workspace) {
    return new Project(workspace, "repository");
  }

  /** Moves it on Bitbucket, where it is called so from now on. */
  JsonObject rename(String fullName, boolean redirect) {
    return stack.bitbucket.rename(fullName(), fullName, redirect);
  }

  /** Cinch hears of it. */
  void learnt(JsonObject onBitbucket) {
    connected.learnt(onBitbucket);
  }

  /** With another of its own tokens, as whoever renews one does. */
  FakeTokenService.Credential renew(String... scopes) {
    FakeTokenService.Credential next =
        connected.connectAnew(stack.bitbucket.token(fullName(), scopes));
    awaitKnown();
    return next;
  }

  void connectWith(FakeTokenService.Credential former) {
    connected.connectWith(former);
    awaitKnown();
  }

  /**
   * A state of a repository that nobody knows makes a worker read all connections that there are.
   */
  private void awaitKnown() {
    UUID unknown = UUID.randomUUID();
    ObjectNode state = state("success", 0);
    state.putObject("repository").put("id", unknown.toString());
    stack.topics.write(Topic.BUILD_STATE, unknown + ":" + commit, state.toString(), Map.of());
    patiently().until(() -> !stack.published.deadLetters(unknown + ":" + commit).isEmpty());
  }

  void disconnect() {
    connected.disconnect();
  }

  String fullName() {
    return repository.fullName();
  }

  /** As the status-worker addresses it. */
  String path() {
    return connected.path();
  }

  String recordKey() {
    return repository.id() + ":" + commit;
  }

  /** A state with what every record needs; the test adds what it is about. */
  ObjectNode state(String state, int second) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("commit", commit)
            .put("key", "unit")
            .put("state", state)
            .put("occurredAt", began.plusSeconds(second).toString());
    json.putObject("repository").put("id", repository.id().toString());
    return json;
  }

  /** Returns the record's event id. */
  String report(ObjectNode state) {
    return report(state, Map.of());
  }

  String report(ObjectNode state, Map<String, String> headers) {
    return stack.topics.write(Topic.BUILD_STATE, recordKey(), state.toString(), headers);
  }

  /** What the status {@code key} says on Bitbucket. */
  JsonObject status(String key) {
    return stack.bitbucket.statuses(fullName(), commit).stream()
        .filter(status -> status.getString("key").equals(key))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no status " + key));
  }

  List<String> writes() {
    return stack.bitbucket.writes(fullName(), commit);
  }

  List<Outcome> outcomes() {
    return stack.published.ofCommit(commit);
  }

  List<Outcome.Result> results(String event) {
    return outcomes().stream()
        .filter(outcome -> event.equals(outcome.causedBy()))
        .map(Outcome::result)
        .toList();
  }

  /** Waits until the outcome of a state is what it should be, and returns that. */
  Outcome await(String event, Outcome.Result result) {
    patiently()
        .until(() -> results(event), results -> !results.isEmpty() && results.getLast() == result);
    return outcomes().stream()
        .filter(outcome -> event.equals(outcome.causedBy()) && outcome.result() == result)
        .toList()
        .getLast();
  }

  /** Waits until that many attempts were made at what is wanted, and the last one is settled. */
  void awaitAttempts(int attempts) {
    patiently()
        .until(
            () ->
                stack
                    .context
                    .database()
                    .sql()
                    .fetchExists(
                        STATUS,
                        STATUS
                            .REPOSITORY_ID
                            .eq(repository.id())
                            .and(STATUS.ATTEMPTS.ge(attempts))));
  }

  /** Breaks calls about the commit. */
  void fault(Map<String, ?> fault) {
    Map<String, Object> here = new HashMap<>(fault);
    here.put("path", aboutCommit());
    stack.bitbucket.fault(here);
  }

  /** Whether the calls that it is to break have come, ended or not. */
  boolean isFaultOver() {
    return !stack.bitbucket.isArmed(aboutCommit());
  }

  private String aboutCommit() {
    return "*" + commit + "*";
  }

  /** Waits for the one dead letter there should be: the record as it came, and why. */
  void awaitDeadLetter(String event, String reason) {
    patiently()
        .untilAsserted(
            () ->
                assertThat(stack.published.deadLetters(recordKey()))
                    .singleElement()
                    .satisfies(
                        letter -> {
                          assertThat(TopicReader.header(letter, "ce_id")).contains(event);
                          assertThat(TopicReader.header(letter, "cinch-dlq-reason").orElseThrow())
                              .contains(reason);
                          assertThat(TopicReader.header(letter, "cinch-dlq-topic"))
                              .contains("cinch.build-state.v1");
                          assertThat(TopicReader.header(letter, "cinch-dlq-consumer"))
                              .contains("status-worker");
                        }));
  }

  static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
  }
}
