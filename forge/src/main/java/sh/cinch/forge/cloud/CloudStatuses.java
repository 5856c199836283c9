package sh.cinch.forge.cloud;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.bitbucket.client.State;
import sh.cinch.bitbucket.client.StatusKey;
import sh.cinch.bitbucket.client.StatusUrl;
import sh.cinch.forge.Cause;
import sh.cinch.forge.CommitStatus;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Pool;
import sh.cinch.forge.PostedStatus;
import sh.cinch.forge.Site;
import sh.cinch.forge.Statuses;
import sh.cinch.schema.event.BuildState;

/** Posts statuses, brought within what Bitbucket takes. */
record CloudStatuses(CloudSession session, Site site) implements Statuses {

  private static final String BRANCH = "refs/heads/";
  private static final String BITBUCKET = "https://bitbucket.org";
  private static final Advice POSTING =
      new Advice(
          Advice.Effect.WRITE,
          (status, explained) -> "Bitbucket refuses the status: " + explained,
          Advice.CONNECT_ANEW,
          Cause.OWNERSHIP,
          ". Only the account that created a status, or an administrator of the repository, may"
              + " change it",
          Optional.of("Bitbucket does not know the commit (yet): "),
          ". The repository is there and the commit is not: was it rebased or squashed away, or"
              + " never pushed?");

  @Override
  public ForgeResult<PostedStatus> post(ForgeRepository repository, CommitStatus status) {
    RepositoryAddress address = CloudSession.address(repository);
    List<String> warnings = new ArrayList<>();
    var fitting = fitting(status, ownPage(site, repository.fullName(), status.commit()), warnings);
    return session
        .ask(
            Pool.REPOSITORIES,
            POSTING,
            address,
            client -> client.postStatus(address, status.commit(), fitting))
        .map(
            posted ->
                new PostedStatus(
                    posted.key(), posted.state(), session.account(), List.copyOf(warnings)));
  }

  static sh.cinch.bitbucket.client.CommitStatus fitting(
      CommitStatus status, StatusUrl ownPage, List<String> warnings) {
    cut("name", status.name(), warnings);
    cut("description", status.description(), warnings);
    return new sh.cinch.bitbucket.client.CommitStatus(
        new StatusKey(status.key()),
        state(status.state()),
        status.name(),
        status.description(),
        url(status.url(), ownPage, warnings),
        branch(status.ref()));
  }

  private static void cut(String what, String text, List<String> warnings) {
    int longest = sh.cinch.bitbucket.client.CommitStatus.LONGEST_TEXT;
    if (text.length() > longest) {
      warnings.add("the %s was cut to %d characters".formatted(what, longest));
    }
  }

  private static State state(BuildState.State state) {
    return switch (state) {
      case PENDING, RUNNING -> State.INPROGRESS;
      case SUCCESS -> State.SUCCESSFUL;
      case FAILURE, ERROR -> State.FAILED;
      case CANCELLED -> State.STOPPED;
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

  /** Bitbucket takes no link to a host without a dot, such as a simulator's localhost. */
  static StatusUrl ownPage(Site site, String fullName, String commit) {
    return switch (StatusUrl.check(site.commitPage(fullName, commit))) {
      case StatusUrl.Check.Accepted(StatusUrl url) -> url;
      case StatusUrl.Check.Refused(String why) ->
          new StatusUrl("%s/%s/commits/%s".formatted(BITBUCKET, fullName, commit));
    };
  }

  /** Null for tags and whatever else is no branch: a status of those belongs to no pull request. */
  private static @Nullable String branch(@Nullable String ref) {
    return ref != null && ref.startsWith(BRANCH) && ref.length() > BRANCH.length()
        ? ref.substring(BRANCH.length())
        : null;
  }
}
