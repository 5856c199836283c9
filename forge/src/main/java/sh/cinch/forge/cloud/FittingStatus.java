package sh.cinch.forge.cloud;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.client.CommitStatus;
import sh.cinch.bitbucket.client.State;
import sh.cinch.bitbucket.client.StatusKey;
import sh.cinch.bitbucket.client.StatusUrl;
import sh.cinch.forge.Site;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.text.Cut;
import sh.cinch.schema.text.Visible;

/**
 * A status brought within what Bitbucket takes.
 *
 * @param warnings what had to be changed for it
 */
record FittingStatus(CommitStatus status, List<String> warnings) {

  private static final String BRANCH = "refs/heads/";
  private static final String BITBUCKET = "https://bitbucket.org";

  /**
   * @param ownPage linked where the status has no usable address
   */
  static FittingStatus of(sh.cinch.forge.CommitStatus status, StatusUrl ownPage) {
    List<String> warnings = new ArrayList<>();
    CommitStatus fitting =
        new CommitStatus(
            new StatusKey(status.key()),
            state(status.state()),
            name(status.name(), warnings),
            description(status.description(), warnings),
            url(status.url(), ownPage, warnings),
            branch(status.ref()));
    return new FittingStatus(fitting, List.copyOf(warnings));
  }

  /** Bitbucket takes no link to a host without a dot, such as a simulator's localhost. */
  static StatusUrl ownPage(Site site, String fullName, String commit) {
    return switch (StatusUrl.check(site.commitPage(fullName, commit))) {
      case StatusUrl.Check.Accepted(StatusUrl url) -> url;
      case StatusUrl.Check.Refused(String why) ->
          new StatusUrl("%s/%s/commits/%s".formatted(BITBUCKET, fullName, commit));
    };
  }

  private static State state(BuildState.State state) {
    return switch (state) {
      case PENDING, RUNNING -> State.INPROGRESS;
      case SUCCESS -> State.SUCCESSFUL;
      case FAILURE, ERROR -> State.FAILED;
      case CANCELLED -> State.STOPPED;
    };
  }

  /** Of two builds of a matrix the last word is what tells them apart: it stays. */
  private static String name(String given, List<String> warnings) {
    String name = plain("name", given, warnings);
    return shortened("name", name, Cut.middle(name, CommitStatus.LONGEST_TEXT), warnings);
  }

  /** What matters stands first. */
  private static String description(String given, List<String> warnings) {
    String description = plain("description", given, warnings);
    return shortened(
        "description", description, Cut.toUnits(description, CommitStatus.LONGEST_TEXT), warnings);
  }

  private static String plain(String what, String given, List<String> warnings) {
    String plain = Visible.plain(given);
    if (!plain.equals(given.strip())) {
      warnings.add(
          "line breaks and characters that nobody sees were taken out of the %s".formatted(what));
    }
    return plain;
  }

  private static String shortened(
      String what, String whole, String shortened, List<String> warnings) {
    if (!shortened.equals(whole)) {
      warnings.add("the %s was cut to %d characters".formatted(what, CommitStatus.LONGEST_TEXT));
    }
    return shortened;
  }

  private static StatusUrl url(@Nullable String given, StatusUrl ownPage, List<String> warnings) {
    if (given == null || given.isBlank()) {
      return ownPage;
    }
    String address = given.strip();
    return switch (StatusUrl.check(address)) {
      case StatusUrl.Check.Accepted(StatusUrl url) -> {
        if (!url.value().equals(address)) {
          warnings.add("characters that stand in no address were percent-encoded in the url");
        }
        yield url;
      }
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
