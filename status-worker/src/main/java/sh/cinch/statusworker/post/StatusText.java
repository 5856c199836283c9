package sh.cinch.statusworker.post;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.CommitStatus;
import sh.cinch.schema.event.BuildState;
import sh.cinch.service.text.OneLine;

/** Says a build state as the status of its commit. */
final class StatusText {

  private StatusText() {}

  /**
   * @param key that the status has on the forge
   * @param ref that its posts name; null: none
   */
  static CommitStatus of(BuildState build, String key, @Nullable String ref) {
    String name = OneLine.of(build.name());
    return new CommitStatus(
        build.commit(),
        key,
        build.state(),
        name.isEmpty() ? BuildState.DEFAULT_NAME : name,
        Optional.ofNullable(build.description())
            .map(OneLine::of)
            .filter(text -> !text.isEmpty())
            .orElseGet(() -> inWords(build.state())),
        build.url(),
        ref);
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
