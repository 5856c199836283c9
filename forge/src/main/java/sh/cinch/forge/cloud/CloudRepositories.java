package sh.cinch.forge.cloud;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.Listed;
import sh.cinch.bitbucket.client.Repository;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.bitbucket.client.RepositoryRole;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Repositories;

record CloudRepositories(CloudSession session) implements Repositories {

  static final String REPOSITORIES = "repositories";

  @Override
  public ForgeResult<Found> find(ForgeRepository repository) {
    RepositoryAddress address = CloudSession.address(repository);
    return session
        .ask(Advice.READING, client -> client.repository(address))
        .map(CloudRepositories::found);
  }

  @Override
  public ForgeResult<List<Changed>> changed(String workspaceUuid, Instant since) {
    return session
        .ask(Advice.READING, client -> client.changes(workspaceUuid, since))
        .map(
            all ->
                session.odd().told(REPOSITORIES, all).items().stream()
                    .filter(each -> each.updatedOn().isAfter(since))
                    .map(each -> new Changed(each.uuid(), each.updatedOn()))
                    .toList());
  }

  @Override
  public ForgeResult<Accessible> accessible() {
    return session
        .ask(Advice.READING, BitbucketClient::workspaces)
        .then(workspaces -> new WorkspaceListing(session).of(workspaces));
  }

  /** No call says it of one repository alone to whom lacks the scope for permissions. */
  @Override
  public ForgeResult<Boolean> administers(Found repository) {
    String workspace =
        repository.workspaceUuid().orElseGet(() -> repository.fullName().split("/", 2)[0]);
    ForgeResult<Listed<Repository>> all =
        session.ask(Advice.READING, client -> client.repositories(workspace, RepositoryRole.ADMIN));
    return session
        .odd()
        .find(REPOSITORIES, all, each -> each.uuid().equals(repository.uuid()))
        .map(Optional::isPresent);
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
