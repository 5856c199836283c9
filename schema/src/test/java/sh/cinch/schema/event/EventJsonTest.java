package sh.cinch.schema.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.schema.event.EventJson.Reading;

/** What a runner's author reads when a record of theirs is refused. */
class EventJsonTest {

  private static final String GOOD =
      """
      {"repository":{"id":"7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001"},\
      "commit":"b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2","state":"running",\
      "occurredAt":"2026-11-23T15:00:00Z"}\
      """;

  @Test
  void absentKeyAndNameHaveDefaults() {
    assertThat(read(GOOD))
        .isInstanceOfSatisfying(
            Reading.Good.class,
            good ->
                assertThat((BuildState) good.event())
                    .returns("cinch", BuildState::key)
                    .returns("Cinch CI", BuildState::name));
  }

  @Test
  void whatWasTakenBeforeThereWereLimitsIsCut() {
    String old =
        GOOD.replace(
            "{\"repository\"",
            "{\"name\":\"%s\",\"description\":\"a\\u0000b\\nc\",\"url\":\"https://%s\",\"repository\""
                .formatted("n".repeat(60_000), "x".repeat(60_000)));

    assertThat(read(old)).isInstanceOf(Reading.Bad.class);
    assertThat(EventJson.readKept(old.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            Reading.Good.class,
            good ->
                assertThat((BuildState) good.event())
                    .returns("n".repeat(999) + "…", BuildState::name)
                    .returns("a\ufffdb\nc", BuildState::description)
                    .returns(null, BuildState::url));
    assertThat(EventJson.readKept("{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Reading.Bad.class);
  }

  @Test
  void unknownFieldsAreIgnored() {
    assertThat(read(GOOD.replace("{\"repository\"", "{\"later\":[1,{}],\"repository\"")))
        .isInstanceOf(Reading.Good.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "state":"running",   | ''                   | field 'state' is missing
          "state":"running"    | "state":"passed"     | field 'state' is 'passed': one of pending, running, success, failure, error, cancelled is expected
          "state":"running"    | "state":"success "   | field 'state' is 'success ': one of pending, running, success, failure, error, cancelled is expected
          "state":"running"    | "state":1            | field 'state' is '1': one of pending, running, success, failure, error, cancelled is expected
          "state":"running"    | "state":null         | field 'state' is missing
          "commit":"b2b2b2     | "commit":"           | field 'commit' is not a full commit hash (40 hex digits)
          "occurredAt":"2026   | "occurredAt":"today2026 | field 'occurredAt' is 'today2026-11-23T15:00:00Z': a time such as 2026-11-23T15:00:00Z is expected
          "id":"7a1f           | "id":"no             | field 'repository.id' is 'no0c52-9d5e-4c53-8f0e-3c1df0a2a001': an id as Cinch gives them is expected
          "id"                 | "slug"               | field 'repository' names none: give its id, or forge and fullName
          "commit":            | "key":"","commit":   | field 'key' is empty
          "commit":            | "key":[],"commit":   | field 'key' has the wrong type: a text is expected
          """)
  void theWrongFieldIsNamed(String part, String instead, String reason) {
    assertThat(GOOD).contains(part.strip());
    assertThat(read(GOOD.replace(part.strip(), instead.strip())))
        .isEqualTo(new Reading.Bad<BuildState>(reason));
  }

  @Test
  void aStateThatWasTakenWithBlanksIsTheOneItWas() {
    String old = GOOD.replace("running", " failure\\n");

    assertThat(read(old)).isInstanceOf(Reading.Bad.class);
    assertThat(EventJson.readKept(old.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            Reading.Good.class,
            good ->
                assertThat((BuildState) good.event())
                    .returns(BuildState.State.FAILURE, BuildState::state));
  }

  @Test
  void whatWasTakenInAnotherTypeIsReadAsItWas() {
    String old =
        GOOD.replace("\"2026-11-23T15:00:00Z\"", "1763910000")
            .replace("{\"repository\"", "{\"key\":7,\"repository\"");

    assertThat(read(old)).isInstanceOf(Reading.Bad.class);
    assertThat(EventJson.readKept(old.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            Reading.Good.class,
            good ->
                assertThat((BuildState) good.event())
                    .returns("7", BuildState::key)
                    .returns(Instant.ofEpochSecond(1_763_910_000), BuildState::occurredAt));
  }

  /** However nearly it is one: what is guessed might block a merge, or let one through. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "''", "' '", "'SUCCESS'", "'Success'", "'SUCCESSFUL'", "'passed'", "'skipped'",
        "'2'", "2", "2.0", "true", "['success']", "{'state':'success'}", "null"
      })
  void whatIsNoStateIsNone(String state) {
    String json = GOOD.replace("\"running\"", state.replace('\'', '"'));

    assertThat(read(json)).isInstanceOf(Reading.Bad.class);
    assertThat(EventJson.readKept(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Reading.Bad.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''            | the record is empty
          null          | not a JSON object
          []            | not a JSON object
          "text"        | not a JSON object
          {"commit":    | not JSON: it ends too early
          {commit}      | not JSON, at byte 1
          """)
  void whatIsNoEventAtAllIsSaidToBeNone(String value, String reason) {
    assertThat(read(value)).isEqualTo(new Reading.Bad<BuildState>(reason));
  }

  @Test
  void aSecretInAWrongPlaceIsCutShort() {
    String secret = "s3cret-".repeat(40);
    assertThat(read(GOOD.replace("running", secret)))
        .isInstanceOfSatisfying(
            Reading.Bad.class, bad -> assertThat(bad.reason()).hasSizeLessThan(150));
  }

  private static Reading<BuildState> read(String json) {
    return EventJson.read(json.getBytes(StandardCharsets.UTF_8), BuildState.class);
  }
}
