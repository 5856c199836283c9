package sh.cinch.statusworker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.Limits;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.TopicReader;

/** A record that cannot be used is put away as it came, and holds up nobody. */
class BadRecordsTest {

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "running                                       | not JSON, at byte",
        "[]                                            | not a JSON object",
        "{\"state\":\"success\"}                       | field 'repository' is missing",
        "{\"repository\":{\"id\":\"ID\"},\"state\":\"success\"} | field 'commit' is missing",
        "{\"repository\":{\"id\":\"ID\"},\"commit\":\"b2\"} | field 'commit' is not a full commit",
        "{\"repository\":{},\"commit\":\"b2\"}         | field 'repository' names none",
        "{\"state\":\"passed\"}                        | field 'state' is 'passed': one of pending",
      })
  void whatIsMalformedSaysWhatIsWrong(String value, String reason) {
    stack.topics.write(
        Topic.BUILD_STATE,
        project.recordKey(),
        value.replace("ID", project.repository.id().toString()).getBytes(UTF_8),
        Map.of("ce_id", "bad", "x-from", "a runner"));
    ConsumerRecord<byte[], byte[]> letter = deadLetter();
    assertThat(reason(letter)).startsWith(reason);
    assertThat(letter.value())
        .asString()
        .isEqualTo(value.replace("ID", project.repository.id().toString()));
    assertThat(TopicReader.header(letter, "ce_id")).contains("bad");
    assertThat(TopicReader.header(letter, "x-from")).contains("a runner");
    assertThatTheNextIsDelivered();
  }

  @Test
  void anEmptyRecordIsOne() {
    bad(null, "the record is empty");
  }

  @Test
  void anUnknownStateIsNeverASuccess() {
    bad(project.state("passed", 1).toString(), "field 'state' is 'passed': one of pending");
    assertThat(project.writes()).hasSize(1);
  }

  /** Neither instead of a dead letter nor over what is shown. */
  @Test
  void anUnknownStateIsNoneInAReplayEither() {
    String event = project.report(project.state("failure", 1));
    project.await(event, DELIVERED);
    project.report(project.state("passed", 2), Map.of("ce_id", event, "cinch-replay", "1"));

    assertThat(reason(deadLetter())).startsWith("field 'state' is 'passed': one of pending");
    assertThat(project.writes()).containsExactly("FAILED");
    assertThat(stack.states.of(project.commit))
        .singleElement()
        .returns(State.FAILURE, CommitStatusEvent::wanted);
    assertThatTheNextIsDelivered();
  }

  @Test
  void anUnknownRepositoryIsToBeConnectedFirst() {
    UUID nobody = UUID.randomUUID();
    var state = project.state("success", 1);
    state.putObject("repository").put("id", nobody.toString());
    bad(state.toString(), "unknown repository " + nobody + ": connect it first (cinch repo add)");
  }

  @Test
  void aNulWhereABuildIsNamedIsRefused() {
    bad(
        project.state("success", 1).put("key", "a\u0000b").toString(),
        "field 'key' contains a character that no name can have");
  }

  @Test
  void halfACharacterWhereABuildIsNamedIsRefused() {
    bad(
        project.state("success", 1).put("number", "HALF").toString().replace("HALF", "\\ud83d"),
        "field 'number' contains a character that no name can have");
  }

  @Test
  void aHeadersNameMayBeAnything() {
    String event = project.report(project.state("success", 1), Map.of("a\u0000b", "c"));
    project.await(event, DELIVERED);
  }

  @Test
  void aKeyThatIsNoNameIsRefused() {
    bad(
        project.state("success", 1).put("key", "k".repeat(256)).toString(),
        "field 'key' is longer than 255 characters");
  }

  @Test
  void aTextThatIsTooLongIsRefused() {
    bad(
        project.state("success", 1).put("name", "n".repeat(200_000)).toString(),
        "field 'name' is longer than 1000 characters");
  }

  @Test
  void aTextOfAnotherKindOfCharactersIsRefused() {
    bad(
        project.state("success", 1).put("description", "a\u0000b").toString(),
        "field 'description' contains a control character");
  }

  @Test
  void aTimeThatNoDatabaseHasIsRefused() {
    bad(
        project.state("success", 1).put("occurredAt", "-999999999-01-01T00:00:00Z").toString(),
        "field 'occurredAt' is outside the years 1970 to 9999");
  }

  /** As of when it came, however late it is read. */
  @Test
  void whatIsTooOldIsRefused() {
    String ancient = Instant.now().minus(Limits.AGE).minusSeconds(60).toString();
    bad(
        project.state("success", 1).put("occurredAt", ancient).toString(),
        "field 'occurredAt' is %s, more than 100 days before it came".formatted(ancient));
  }

  @Test
  void whatIsNotQuiteTooOldIsTaken() {
    String event =
        project.report(
            project
                .state("success", 1)
                .put("occurredAt", Instant.now().minus(Limits.AGE).plusSeconds(60).toString()));
    project.await(event, DELIVERED);
  }

  private void bad(@Nullable String value, String reason) {
    stack.topics.write(
        Topic.BUILD_STATE,
        project.recordKey(),
        value == null ? null : value.getBytes(UTF_8),
        Map.of());
    assertThat(reason(deadLetter())).startsWith(reason);
    assertThatTheNextIsDelivered();
  }

  private void assertThatTheNextIsDelivered() {
    project.await(project.report(project.state("success", 2)), DELIVERED);
  }

  private ConsumerRecord<byte[], byte[]> deadLetter() {
    return Project.patiently()
        .until(
            () -> stack.published.deadLetters(project.recordKey()), letters -> letters.size() == 1)
        .getFirst();
  }

  private static String reason(ConsumerRecord<byte[], byte[]> letter) {
    return TopicReader.header(letter, "cinch-dlq-reason").orElseThrow();
  }
}
