package sh.cinch.forge.cloud;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.Repository;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.bitbucket.client.RepositoryRole;
import sh.cinch.bitbucket.client.Workspace;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Repositories;

record CloudRepositories(CloudSession session) implements Repositories {

  @Override
  public ForgeResult<Found> find(ForgeRepository repository) {
    RepositoryAddress address = CloudSession.address(repository);
    return session
        .ask(Advice.READING, client -> client.repository(address))
        .map(CloudRepositories::found);
  }

  @Override
  public ForgeResult<Accessible> accessible() {
    return session
        .ask(Advice.READING, BitbucketClient::workspaces)
        .then(
            workspaces ->
                inAll(workspaces, RepositoryRole.MEMBER)
                    .then(
                        visible ->
                            inAll(workspaces, RepositoryRole.ADMIN)
                                .map(administered -> new Accessible(visible, administered))));
  }

  /** No call says it of one repository alone to whom lacks the scope for permissions. */
  @Override
  public ForgeResult<Boolean> administers(Found repository) {
    String workspace =
        repository.workspaceUuid().orElseGet(() -> repository.fullName().split("/", 2)[0]);
    return session
        .ask(Advice.READING, client -> client.repositories(workspace, RepositoryRole.ADMIN))
        .map(all -> all.stream().anyMatch(each -> each.uuid().equals(repository.uuid())));
  }

  /** Everything or nothing: where one workspace cannot be listed, that is the result. */
  private ForgeResult<List<Found>> inAll(List<Workspace> workspaces, RepositoryRole role) {
    List<Found> all = new ArrayList<>();
    for (Workspace workspace : workspaces) {
      ForgeResult<List<Repository>> listed =
          session.ask(Advice.READING, client -> client.repositories(workspace.uuid(), role));
      if (!(listed instanceof ForgeResult.Done<List<Repository>>(var some, var status))) {
        return listed.notDone();
      }
      some.stream().map(CloudRepositories::found).forEach(all::add);
    }
    all.sort(Comparator.comparing(Found::fullName, String.CASE_INSENSITIVE_ORDER));
    return new ForgeResult.Done<>(all, OptionalInt.empty());
  }

  @Override
  public <T> ForgeResult<T> unlessOutage(
      ForgeRepository repository, ForgeResult.Refused<T> refusal) {
    RepositoryAddress address = CloudSession.address(repository);
    return session.leased(
        lease ->
            session
                .reader(Advice.READING, lease, address)
                .unlessOutage(refusal.cause(), refusal.httpStatus().orElse(0), refusal.reason()));
  }

  static Found found(Repository repository) {
    return new Found(
        repository.uuid(),
        repository.fullName(),
        repository.workspaceUuid(),
        repository.isPrivate());
  }
}
