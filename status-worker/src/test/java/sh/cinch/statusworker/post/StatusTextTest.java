package sh.cinch.statusworker.post;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.forge.CommitStatus;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.statusworker.statuses.Orphan;

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

  @ParameterizedTest
  @CsvSource({"60, 1 hour", "1441, 24 hours", "4320, 72 hours"})
  void anOrphansSaysWhyItIsStoppedAndWhatToDo(long minutes, String silence) {
    Instant heardAt = Instant.parse("2026-11-23T12:00:00Z");
    Orphan orphan = new Orphan(heardAt, heardAt.plus(Duration.ofMinutes(minutes)));
    CommitStatus status =
        StatusText.of(
            build(BuildState.State.RUNNING, "40 of 200 tests"), "unit", null, Optional.of(orphan));
    assertThat(status.state()).isEqualTo(BuildState.State.CANCELLED);
    assertThat(status.name()).isEqualTo("Unit tests");
    assertThat(status.description())
        .isEqualTo(
            "No word from the build for "
                + silence
                + ". Run it again; if the build is still alive, its next report replaces this.")
        .hasSizeLessThan(255);
  }

  @Test
  void whatWasReportedIsTheForgesToFit() {
    CommitStatus status = StatusText.of(build("a\nb", "c\td"), "unit", null, Optional.empty());
    assertThat(status.name()).isEqualTo("a\nb");
    assertThat(status.description()).isEqualTo("c\td");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n", "\u202e", "\ufeff\u3164"})
  void whatShowsNothingIsSaidInOurWords(String text) {
    CommitStatus status = StatusText.of(build(text, text), "unit", null, Optional.empty());
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
