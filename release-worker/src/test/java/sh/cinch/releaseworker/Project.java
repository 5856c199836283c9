package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.release_worker.Tables.DOWNLOAD;
import static sh.cinch.database.release_worker.Tables.RELEASE;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.ConnectedRepository;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.SimulatedBitbucket.StoredFile;
import sh.cinch.testkit.TopicReader;

/** A repository of its own for each test, connected, with one tag. */
final class Project {

  static final String TAG = "v1.4.0";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Stack stack;
  private final ConnectedRepository connected;
  final Repository repository;
  final String fullName;
  final FakeTokenService.Credential credential;
  final String commit;

  Project(String... scopes) {
    this(Stack.SHARED, scopes);
  }

  private Project(Stack stack, String... scopes) {
    this.stack = stack;
    connected = new ConnectedRepository(stack.bitbucket, stack.tokenService, stack.topics, scopes);
    repository = connected.repository();
    fullName = repository.fullName();
    credential = connected.credential();
    commit = stack.bitbucket.push(fullName, "refs/tags/" + TAG);
  }

  static Project connected() {
    return connected(Stack.SHARED);
  }

  static Project connected(Stack stack) {
    return new Project(stack, "repository", "repository:write");
  }

  void disconnect() {
    connected.disconnect();
  }

  /** As the release-worker addresses it. */
  String path() {
    return connected.path();
  }

  static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  FakeArtifactServer.Artifact lay(byte[] bytes) {
    return stack.artifacts.lay(repository.id(), bytes);
  }

  /** A request without files; the test adds them. */
  ObjectNode request() {
    ObjectNode json = JSON.createObjectNode().put("tag", TAG).put("commit", commit);
    json.putObject("repository").put("id", repository.id().toString());
    json.putObject("options").put("checksums", false);
    json.putArray("files");
    return json;
  }

  /** A request for one file. */
  ObjectNode request(String name, byte[] bytes) {
    return with(request(), name, bytes);
  }

  ObjectNode with(ObjectNode request, String name, byte[] bytes) {
    return with(request, name, bytes, lay(bytes).source());
  }

  ObjectNode with(ObjectNode request, String name, byte[] bytes, String source) {
    return with(request, name, bytes.length, sha256(bytes), source);
  }

  ObjectNode with(ObjectNode request, String name, long size, String sha256, String source) {
    request
        .withArray("files")
        .addObject()
        .put("name", name)
        .put("source", source)
        .put("size", size)
        .put("sha256", sha256);
    return request;
  }

  /** Returns the record's event id. */
  String ask(ObjectNode request) {
    return ask(request, Map.of());
  }

  String ask(ObjectNode request, Map<String, String> headers) {
    return stack.topics.write(
        Topic.RELEASE_REQUEST, repository.id().toString(), request.toString(), headers);
  }

  Map<String, StoredFile> downloads() {
    return stack.bitbucket.downloads(fullName);
  }

  StoredFile stored(String name) {
    return Objects.requireNonNull(downloads().get(name), name);
  }

  /** As a person does it on Bitbucket's page. */
  void delete(String name) {
    stack.bitbucket.deleteDownload(fullName, name);
  }

  /** Waits until the outcome of the release is what it should be, and returns that. */
  Outcome await(String event, Outcome.Result result) {
    return await(event, result, PATIENCE);
  }

  Outcome await(String event, Outcome.Result result, Duration atMost) {
    patiently()
        .atMost(atMost)
        .untilAsserted(
            () ->
                assertThat(of(event, Outcome.Kind.RELEASE))
                    .as("outcomes of the release, files %s", of(event, Outcome.Kind.RELEASE_FILE))
                    .extracting(Outcome::result)
                    .endsWith(result));
    patiently()
        .untilAsserted(
            () ->
                assertThat(states(event))
                    .extracting(ReleaseEvent::state)
                    .last()
                    .isIn(standing(result)));
    return of(event, Outcome.Kind.RELEASE).getLast();
  }

  /** The same in the words of the release's state; what waits may have gone on since. */
  private static Set<ReleaseEvent.State> standing(Outcome.Result result) {
    return switch (result) {
      case WAITING -> EnumSet.allOf(ReleaseEvent.State.class);
      case DELIVERED -> EnumSet.of(ReleaseEvent.State.DELIVERED);
      case SUPERSEDED -> EnumSet.of(ReleaseEvent.State.SUPERSEDED);
      case FAILED -> EnumSet.of(ReleaseEvent.State.FAILED);
    };
  }

  /** How the release came to stand as it does, version by version. */
  List<ReleaseEvent> states(String event) {
    return stack.states.of(event);
  }

  /** Waits until the release is published in that state, and returns that. */
  ReleaseEvent awaitState(String event, ReleaseEvent.State state) {
    return patiently()
        .until(
            () -> states(event),
            published -> !published.isEmpty() && published.getLast().state() == state)
        .getLast();
  }

  /** The same, and waits for that. */
  ReleaseEvent awaitState(String event, ReleaseEvent.State state, WaitingFor waitingFor) {
    return patiently()
        .until(
            () -> states(event),
            published ->
                !published.isEmpty()
                    && published.getLast().state() == state
                    && published.getLast().waitingFor() == waitingFor)
        .getLast();
  }

  List<Outcome> files(String event) {
    return of(event, Outcome.Kind.RELEASE_FILE);
  }

  /** The newest outcome of a file. */
  Outcome file(String event, String name) {
    return files(event).stream().filter(file -> name.equals(file.file())).toList().getLast();
  }

  List<Outcome> of(String event, Outcome.Kind kind) {
    return stack.published.causedBy(event).stream().filter(one -> one.kind() == kind).toList();
  }

  /** Waits for the one dead letter there should be: why the record was put away. */
  String awaitDeadLetter() {
    return patiently().until(this::deadLetters, letters -> letters.size() == 1).getFirst();
  }

  List<String> deadLetters() {
    return stack.published.deadLetters(repository.id().toString()).stream()
        .map(letter -> TopicReader.header(letter, "cinch-dlq-reason").orElse(""))
        .toList();
  }

  /** Waits until the release was looked at that often, and that is written down. */
  void awaitAttempts(String event, int attempts) {
    patiently()
        .until(
            () ->
                stack
                    .context
                    .database()
                    .sql()
                    .fetchExists(
                        RELEASE,
                        RELEASE
                            .ID
                            .eq(event)
                            .and(RELEASE.ATTEMPTS.ge(attempts).or(RELEASE.STATE.eq("failed")))));
  }

  /** Waits until that many tries to send the file ended, and the last one is settled. */
  void awaitTries(String name, int attempts) {
    patiently()
        .until(
            () ->
                stack
                    .context
                    .database()
                    .sql()
                    .fetchExists(
                        DOWNLOAD,
                        DOWNLOAD
                            .REPOSITORY_ID
                            .eq(repository.id())
                            .and(DOWNLOAD.NAME.eq(name))
                            .and(DOWNLOAD.ATTEMPTS.ge(attempts))));
  }

  /** When the file is to be sent, or sent by somebody else. */
  Instant due(String name) {
    return stack
        .context
        .database()
        .sql()
        .fetchSingle(
            DOWNLOAD, DOWNLOAD.REPOSITORY_ID.eq(repository.id()).and(DOWNLOAD.NAME.eq(name)))
        .getDueAt();
  }

  static String sha256(byte[] bytes) {
    return DigestUtils.sha256Hex(bytes);
  }

  static ConditionFactory patiently() {
    return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20));
  }
}
