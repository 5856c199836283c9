package sh.cinch.ingress.connecting.access;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.forge.Repositories.Gap;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.RepositoryFilter;
import sh.cinch.service.http.Problem;

/**
 * What one account sees on the forge.
 *
 * @param visible uuids of the repositories it may read
 * @param administered those it administers, by name
 * @param gaps where there may be more of both
 */
public record RepositoryAccess(Set<String> visible, List<Found> administered, List<Gap> gaps) {

  public RepositoryAccess {
    visible = Set.copyOf(visible);
    administered = List.copyOf(administered);
    gaps = List.copyOf(gaps);
  }

  public RepositoryFilter filter() {
    Set<String> all = new TreeSet<>(visible);
    administered.forEach(repository -> all.add(repository.uuid()));
    return new RepositoryFilter.OfForge(all);
  }

  public boolean sees(Connection connection) {
    return filter().allows(connection);
  }

  /**
   * @param repository its uuid on the forge
   */
  public boolean administers(String repository) {
    return administered.stream().anyMatch(found -> found.uuid().equals(repository));
  }

  /** What is missing and why, for people. */
  public List<String> missing() {
    return gaps.stream().map(GapWords::of).toList();
  }

  /**
   * That nobody can tell now, where Bitbucket did not answer for all of it. It is the same for
   * every repository that is not seen, so that it tells of none.
   */
  public Optional<Problem> notNow() {
    return gaps.stream()
        .filter(RepositoryAccess::mayPass)
        .findFirst()
        .map(gap -> new Problem(503, "Not now", GapWords.of(gap)));
  }

  /** What is missing of all that may be this repository, for people. */
  public List<String> missing(ForgeRepository repository) {
    return gaps.stream().filter(gap -> mayHide(gap, repository)).map(GapWords::of).toList();
  }

  /** That nobody can tell what the account may do with this repository, where that is so. */
  public Optional<Problem> untold(ForgeRepository repository) {
    return gaps.stream()
        .filter(gap -> mayHide(gap, repository))
        .findFirst()
        .map(
            gap ->
                mayPass(gap)
                    ? new Problem(503, "Not now", GapWords.of(gap))
                    : new Problem(422, "Bitbucket does not say", GapWords.of(gap)));
  }

  /** It is worth asking again in a minute. */
  boolean mayPass() {
    return gaps.stream().anyMatch(RepositoryAccess::mayPass);
  }

  private static boolean mayPass(Gap gap) {
    return gap instanceof Gap.Unlisted unlisted && !(unlisted.why() instanceof ForgeResult.Refused);
  }

  private static boolean mayHide(Gap gap, ForgeRepository repository) {
    return switch (gap) {
      case Gap.Unlisted(String name, Optional<String> uuid, var why) ->
          isIn(name, uuid, repository);
      case Gap.OddRepositories(String name, Optional<String> uuid, int count) ->
          isIn(name, uuid, repository);
      case Gap.OddWorkspaces(int count) -> true;
    };
  }

  private static boolean isIn(String name, Optional<String> uuid, ForgeRepository repository) {
    return (uuid.isPresent() && uuid.equals(repository.workspaceUuid()))
        || repository.fullName().regionMatches(true, 0, name + "/", 0, name.length() + 1);
  }
}
