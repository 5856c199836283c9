package sh.cinch.statusworker.post;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.client.CommitStatus;
import sh.cinch.bitbucket.client.State;
import sh.cinch.bitbucket.client.StatusKey;
import sh.cinch.bitbucket.client.StatusUrl;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.text.OneLine;

/**
 * A build state in Bitbucket's words.
 *
 * @param warnings what had to be changed, for whoever reported it
 */
record StatusText(CommitStatus status, List<String> warnings) {

  private static final String BRANCH = "refs/heads/";

  static StatusText of(BuildState build, Repository repository, CommitPage page) {
    List<String> warnings = new ArrayList<>();
    StatusUrl ownPage = page.of(repository.fullName(), build.commit());
    String name = OneLine.of(build.name());
    String description =
        Optional.ofNullable(build.description())
            .map(OneLine::of)
            .filter(text -> !text.isEmpty())
            .orElseGet(() -> inWords(build.state()));
    CommitStatus status =
        new CommitStatus(
            StatusKey.of(build.key()),
            state(build.state()),
            name.isEmpty() ? BuildState.DEFAULT_NAME : name,
            description,
            url(build.url(), ownPage, warnings),
            branch(build.ref()));
    if (name.length() > CommitStatus.LONGEST_TEXT) {
      warnings.add("the name was cut to %d characters".formatted(CommitStatus.LONGEST_TEXT));
    }
    if (description.length() > CommitStatus.LONGEST_TEXT) {
      warnings.add("the description was cut to %d characters".formatted(CommitStatus.LONGEST_TEXT));
    }
    return new StatusText(status, List.copyOf(warnings));
  }

  private static State state(BuildState.State state) {
    return switch (state) {
      case PENDING, RUNNING -> State.INPROGRESS;
      case SUCCESS -> State.SUCCESSFUL;
      case FAILURE, ERROR -> State.FAILED;
      case CANCELLED -> State.STOPPED;
    };
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

  private static StatusUrl url(@Nullable String given, StatusUrl ownPage, List<String> warnings) {
    if (given == null || given.isBlank()) {
      return ownPage;
    }
    return switch (StatusUrl.check(given.strip())) {
      case StatusUrl.Check.Accepted(StatusUrl url) -> url;
      case StatusUrl.Check.Refused(String why) -> {
        warnings.add("the url %s; the commit's own page was linked instead".formatted(why));
        yield ownPage;
      }
    };
  }

  /** Null for tags and whatever else is no branch: a status of those belongs to no pull request. */
  private static @Nullable String branch(@Nullable String ref) {
    return ref != null && ref.startsWith(BRANCH) && ref.length() > BRANCH.length()
        ? ref.substring(BRANCH.length())
        : null;
  }
}
