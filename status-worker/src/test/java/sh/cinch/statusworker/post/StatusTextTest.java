package sh.cinch.statusworker.post;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    CommitStatus status = StatusText.of(build(state, null), "unit", null, Optional.empty());
    assertThat(status.state()).isEqualTo(state);
    assertThat(status.description()).isEqualTo(description);
  }

  @Test
  void controlCharactersBecomeBlanks() {
    assertThat(described("a\tb\r\nc")).isEqualTo("a b c");
    assertThat(described("\n")).isEqualTo("Passed");
  }

  private static String described(String description) {
    return StatusText.of(
            build(BuildState.State.SUCCESS, description), "unit", null, Optional.empty())
        .description();
  }

  private static BuildState build(BuildState.State state, @Nullable String description) {
    return new BuildState(
        RepositoryRef.byId(UUID.randomUUID()),
        "b2".repeat(20),
        null,
        "unit",
        "Unit tests",
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
