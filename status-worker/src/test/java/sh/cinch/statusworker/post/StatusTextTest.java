package sh.cinch.statusworker.post;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.forge.CommitStatus;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.RepositoryRef;

class StatusTextTest {

  @ParameterizedTest
  @CsvSource({
    "PENDING, Waiting to run",
    "RUNNING, Running",
    "SUCCESS, Passed",
    "FAILURE, Failed",
    "ERROR, Could not be run to its end",
    "CANCELLED, Cancelled: push again or re-run the build to unblock a merge"
  })
  void everyStateHasItsWord(BuildState.State state, String description) {
    CommitStatus status = StatusText.of(build(state, null), "unit", null);
    assertThat(status.state()).isEqualTo(state);
    assertThat(status.description()).isEqualTo(description);
  }

  @Test
  void whatWasReportedIsTheForgesToFit() {
    CommitStatus status = StatusText.of(build("a\nb", "c\td"), "unit", null);
    assertThat(status.name()).isEqualTo("a\nb");
    assertThat(status.description()).isEqualTo("c\td");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n", "\u202e", "\ufeff\u3164"})
  void whatShowsNothingIsSaidInOurWords(String text) {
    CommitStatus status = StatusText.of(build(text, text), "unit", null);
    assertThat(status.name()).isEqualTo("Cinch CI");
    assertThat(status.description()).isEqualTo("Passed");
  }

  private static BuildState build(String name, String description) {
    return build(BuildState.State.SUCCESS, name, description);
  }

  private static BuildState build(BuildState.State state, @Nullable String description) {
    return build(state, "Unit tests", description);
  }

  private static BuildState build(
      BuildState.State state, String name, @Nullable String description) {
    return new BuildState(
        RepositoryRef.byId(UUID.randomUUID()),
        "b2".repeat(20),
        null,
        "unit",
        name,
        null,
        state,
        description,
        null,
        null,
        Instant.parse("2026-11-23T12:00:00Z"),
        null,
        null);
  }
}
