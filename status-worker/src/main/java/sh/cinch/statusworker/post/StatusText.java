package sh.cinch.statusworker.post;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.CommitStatus;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.text.Visible;

/** Says a build state as the status of its commit. */
final class StatusText {

  private StatusText() {}

  /**
   * @param key that the status has on the forge
   * @param ref that its posts name; null: none
   */
  static CommitStatus of(BuildState build, String key, @Nullable String ref) {
    return new CommitStatus(
        build.commit(),
        key,
        build.state(),
        shows(build.name()) ? build.name() : BuildState.DEFAULT_NAME,
        Optional.ofNullable(build.description())
            .filter(StatusText::shows)
            .orElseGet(() -> inWords(build.state())),
        build.url(),
        ref);
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
