package sh.cinch.forge.cloud;

import java.util.Optional;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.forge.Cause;
import sh.cinch.forge.CommitStatus;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Pool;
import sh.cinch.forge.PostedStatus;
import sh.cinch.forge.Site;
import sh.cinch.forge.Statuses;

/** Posts statuses, brought within what Bitbucket takes. */
record CloudStatuses(CloudSession session, Site site) implements Statuses {

  private static final Advice POSTING =
      new Advice(
          Advice.Effect.WRITE,
          (status, explained) -> "Bitbucket refuses the status: " + explained,
          Advice.CONNECT_ANEW,
          Cause.OWNERSHIP,
          ". Only the account that created a status, or an administrator of the repository, may"
              + " change it",
          Optional.of("Bitbucket does not know the commit (yet): "),
          ". The commit is not in this repository. Where only a fork has it, connect the fork by"
              + " itself and report to that. Else it was never pushed, or has been rebased or"
              + " squashed away");

  @Override
  public ForgeResult<PostedStatus> post(ForgeRepository repository, CommitStatus status) {
    RepositoryAddress address = CloudSession.address(repository);
    FittingStatus fitting =
        FittingStatus.of(
            status, FittingStatus.ownPage(site, repository.fullName(), status.commit()));
    ForgeResult<PostedStatus> result = post(address, status.commit(), fitting);
    // An outage may have ended between the refusal and the repository's own answer.
    return isUnexplained(result) ? post(address, status.commit(), fitting) : result;
  }

  private ForgeResult<PostedStatus> post(
      RepositoryAddress address, String commit, FittingStatus fitting) {
    return session
        .ask(
            Pool.REPOSITORIES,
            POSTING,
            address,
            client -> client.postStatus(address, commit, fitting.status()))
        .map(
            posted ->
                new PostedStatus(
                    posted.key(), posted.state(), session.account(), fitting.warnings()));
  }

  private static boolean isUnexplained(ForgeResult<?> result) {
    return result instanceof ForgeResult.Refused<?> refused
        && (refused.cause() == Cause.NOT_FOUND || refused.cause() == Cause.OWNERSHIP);
  }
}
