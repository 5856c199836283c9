package sh.cinch.forge.cloud;

import static java.lang.String.CASE_INSENSITIVE_ORDER;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sh.cinch.bitbucket.client.Listed;
import sh.cinch.bitbucket.client.Repository;
import sh.cinch.bitbucket.client.RepositoryRole;
import sh.cinch.bitbucket.client.Workspace;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Repositories.Accessible;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.forge.Repositories.Gap;
import sh.cinch.service.due.BackOff;

/**
 * Lists an account's repositories workspace by workspace, once. One that cannot be listed costs
 * only its own, unless the reason is the account's or nothing can be listed at all.
 */
final class WorkspaceListing {

  /** So many that did not answer are an outage: each keeps whoever waits for a whole time limit. */
  private static final int MOST_UNANSWERED = 2;

  private static final String WORKSPACES = "workspaces";

  private final CloudSession session;
  private final List<Found> visible = new ArrayList<>();
  private final List<Found> administered = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final List<ForgeResult<?>> failures = new ArrayList<>();
  private int listed;
  private int unanswered;

  WorkspaceListing(CloudSession session) {
    this.session = session;
  }

  ForgeResult<Accessible> of(Listed<Workspace> workspaces) {
    int odd = workspaces.leftOut();
    if (odd > 0) {
      gaps.add(new Gap.OddWorkspaces(odd));
      failures.add(OddEntries.unreadable(WORKSPACES, odd));
    }
    for (Workspace workspace : session.odd().told(WORKSPACES, workspaces).items()) {
      Optional<ForgeResult<?>> failure = list(workspace);
      if (failure.isPresent() && isOfTheAccount(failure.get())) {
        return failure.get().notDone();
      }
    }
    return listed > 0 || failures.isEmpty()
        ? new ForgeResult.Done<>(
            new Accessible(byName(visible), byName(administered), List.copyOf(gaps)),
            OptionalInt.empty())
        : failure();
  }

  /** Empty where it was listed. */
  private Optional<ForgeResult<?>> list(Workspace workspace) {
    ForgeResult<Listed<Repository>> all = ask(workspace, RepositoryRole.MEMBER);
    ForgeResult<Listed<Repository>> own =
        all.then(
            some -> {
              listed++;
              some.items().stream().map(CloudRepositories::found).forEach(visible::add);
              return ask(workspace, RepositoryRole.ADMIN);
            });
    if (own instanceof ForgeResult.Done<Listed<Repository>>(var some, var status)) {
      some.items().stream().map(CloudRepositories::found).forEach(administered::add);
    } else {
      failures.add(own);
      gaps.add(new Gap.Unlisted(workspace.name(), workspace.uuid(), own));
    }
    int odd = Math.max(leftOut(all), leftOut(own)); // whatever is on both lists is odd on both
    if (odd > 0) {
      gaps.add(new Gap.OddRepositories(workspace.name(), workspace.uuid(), odd));
    }
    return own instanceof ForgeResult.Done ? Optional.empty() : Optional.of(own);
  }

  private ForgeResult<Listed<Repository>> ask(Workspace workspace, RepositoryRole role) {
    if (unanswered == MOST_UNANSWERED) {
      return new ForgeResult.Later<>(
          Cause.FORGE,
          OptionalInt.empty(),
          "it was not asked for, since Bitbucket did not answer for others",
          BackOff.after(1));
    }
    ForgeResult<Listed<Repository>> result =
        session
            .ask(Advice.READING, client -> client.repositories(workspace.address(), role))
            .map(all -> session.odd().told(CloudRepositories.REPOSITORIES, all));
    unanswered += isUnanswered(result) ? 1 : 0;
    return result;
  }

  private static int leftOut(ForgeResult<Listed<Repository>> result) {
    return result instanceof ForgeResult.Done<Listed<Repository>>(var some, var status)
        ? some.leftOut()
        : 0;
  }

  /** It would be the same in every workspace, and a person or the hour has to mend it. */
  private static boolean isOfTheAccount(ForgeResult<?> failure) {
    return failure instanceof ForgeResult.NotBegun<?>
        || (failure instanceof ForgeResult.Later<?> later
            && switch (later.cause()) {
              case AUTHORIZATION, LEASE, RATE_LIMIT -> true;
              case FORGE, NOT_FOUND, DISCONNECTED, FORBIDDEN, OWNERSHIP, INVALID, SOURCE -> false;
            });
  }

  private static boolean isUnanswered(ForgeResult<?> failure) {
    return failure instanceof ForgeResult.Later<?> later
        && later.cause() == Cause.FORGE
        && later.httpStatus().isEmpty();
  }

  /** What may pass says more of the whole than what one workspace refused. */
  private ForgeResult<Accessible> failure() {
    return failures.stream()
        .filter(why -> why instanceof ForgeResult.Later)
        .findFirst()
        .orElseGet(failures::getFirst)
        .notDone();
  }

  private static List<Found> byName(List<Found> all) {
    return all.stream()
        .sorted(Comparator.comparing(Found::fullName, CASE_INSENSITIVE_ORDER))
        .toList();
  }
}
