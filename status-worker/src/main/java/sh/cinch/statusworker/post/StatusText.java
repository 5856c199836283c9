package sh.cinch.statusworker.post;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.CommitStatus;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.text.Visible;
import sh.cinch.statusworker.statuses.Orphan;

/** Says a build state as the status of its commit. */
final class StatusText {

  private StatusText() {}

  /**
   * @param key that the status has on the forge
   * @param ref that its posts name; null: none
   * @param orphan where the build is one
   */
  static CommitStatus of(
      BuildState build, String key, @Nullable String ref, Optional<Orphan> orphan) {
    return new CommitStatus(
        build.commit(),
        key,
        orphan.isPresent() ? BuildState.State.CANCELLED : build.state(),
        shows(build.name()) ? build.name() : BuildState.DEFAULT_NAME,
        orphan.map(StatusText::inWords).orElseGet(() -> description(build)),
        build.url(),
        ref);
  }

  private static String description(BuildState build) {
    return Optional.ofNullable(build.description())
        .filter(StatusText::shows)
        .orElseGet(() -> inWords(build.state()));
  }

  private static String inWords(Orphan orphan) {
    return ("No word from the build for %s. Run it again; if the build is still alive, its next"
            + " report replaces this.")
        .formatted(orphan.silence());
  }

  /** Whether a reader sees any of it. */
  private static boolean shows(String text) {
    return !Visible.plain(text).isEmpty();
  }

  private static String inWords(BuildState.State state) {
    return switch (state) {
      case PENDING -> "Waiting to run";
      case RUNNING -> "Running";
      case SUCCESS -> "Passed";
      case FAILURE -> "Failed";
      case ERROR -> "Could not be run to its end";
      // A stopped build may hold up a merge check until another one passes.
      case CANCELLED -> "Cancelled: push again or re-run the build to unblock a merge";
    };
  }
}
