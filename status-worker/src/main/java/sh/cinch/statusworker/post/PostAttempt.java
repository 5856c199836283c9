package sh.cinch.statusworker.post;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import sh.cinch.bitbucket.client.Answer.Ok;
import sh.cinch.bitbucket.client.Answer.Refused;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.PostedStatus;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.database.Database;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.lease.LeaseResult;
import sh.cinch.service.lease.Leases;
import sh.cinch.statusworker.post.Answer.Hopeless;
import sh.cinch.statusworker.post.Answer.TryAgain;
import sh.cinch.statusworker.statuses.CommitStatuses;
import sh.cinch.statusworker.statuses.DesiredStatus;
import sh.cinch.statusworker.statuses.StatusClaim;

/** One try to make Bitbucket show what is wanted. */
final class PostAttempt {

  /** After its time limit a request may still take effect for that long. */
  static final Duration MAY_STILL_LAND = Duration.ofSeconds(15);

  /** So long a claim lasts; whoever takes it over must find no request of ours under way. */
  static final Duration HOLD = Duration.ofSeconds(40);

  private static final Duration LENDING_PAUSE = Duration.ofSeconds(10);
  private static final Duration AUTHORIZING_PAUSE = Duration.ofSeconds(15);
  private static final int UNAUTHORIZED = 401;

  /** What every attempt needs. */
  record Means(
      Database database,
      CommitStatuses board,
      ConnectionDirectory connections,
      Leases leases,
      Bitbucket bitbucket,
      CommitPage page,
      InstantSource clock) {}

  /**
   * An attempt that ended.
   *
   * @param requests made to post it
   * @param warnings what had to be changed
   */
  record Ended(
      StatusClaim claim,
      DesiredStatus wanted,
      Repository repository,
      int requests,
      Answer answer,
      List<String> warnings) {}

  private final Means means;
  private final StatusClaim claim;
  private final ConnectionEvent connection;
  private int requests;

  /**
   * @throws IllegalStateException where the repository's connection cannot be known now
   */
  PostAttempt(Means means, StatusClaim claim) {
    this.means = means;
    this.claim = claim;
    this.connection =
        means
            .connections()
            .find(RepositoryRef.byId(claim.status().repository()))
            .orElseThrow(() -> new IllegalStateException("no connection of " + claim.status()));
  }

  Ended run() {
    UUID credential = connection.credentialId();
    if (connection.state() == ConnectionEvent.State.DISCONNECTED || credential == null) {
      String reason = "the repository is not connected with Cinch any more";
      return ended(wanted(), new Hopeless(OptionalInt.empty(), reason, false), List.of());
    }
    // Lending may take a while: what is wanted is read after it.
    LeaseResult lent = means.leases().lease(credential);
    DesiredStatus wanted = wanted();
    return switch (EventJson.read(wanted.record().value(), BuildState.class)) {
      case Reading.Good<BuildState>(BuildState build) -> {
        StatusText text = StatusText.of(build, connection.repository(), means.page());
        yield ended(wanted, post(wanted, text, credential, lent), text.warnings());
      }
      case Reading.Bad<BuildState>(String reason) ->
          ended(wanted, new Hopeless(OptionalInt.empty(), reason, true), List.of());
    };
  }

  private DesiredStatus wanted() {
    return means.board().wanted(means.database().sql(), claim);
  }

  private Ended ended(DesiredStatus wanted, Answer answer, List<String> warnings) {
    return new Ended(claim, wanted, connection.repository(), requests, answer, warnings);
  }

  private Answer post(DesiredStatus wanted, StatusText text, UUID credential, LeaseResult lent) {
    return switch (lent) {
      case LeaseResult.Lent(Lease lease) -> post(wanted, text, credential, lease);
      case LeaseResult.NeedsAuthorization(String reason) -> unauthorized(reason);
      case LeaseResult.Unknown() ->
          unauthorized("the repository's credential is gone: connect the repository again");
      case LeaseResult.NotNow(String reason) ->
          new TryAgain(Obstacle.LEASE, OptionalInt.empty(), reason, LENDING_PAUSE);
    };
  }

  private static Answer unauthorized(String reason) {
    return new TryAgain(Obstacle.AUTHORIZATION, OptionalInt.empty(), reason, AUTHORIZING_PAUSE);
  }

  private Answer post(DesiredStatus wanted, StatusText text, UUID credential, Lease lease) {
    if (!isTimeForARequest()) {
      return new Answer.Lapsed();
    }
    RepositoryAddress address = address(connection.repository());
    BitbucketClient client = means.bitbucket().client(lease, wanted.trace());
    requests++;
    var answer = client.postStatus(address, claim.status().commit(), text.status());
    if (requests == 1 && isUnauthorized(answer)) {
      means.leases().reject(credential, lease);
      return post(wanted, text, credential, means.leases().lease(credential));
    }
    return new AnswerReader(
            wanted.attempts() + requests, () -> client.repository(address) instanceof Ok)
        .read(answer);
  }

  /** Its time limit and what may come after that must pass before the claim does. */
  private boolean isTimeForARequest() {
    return means
        .clock()
        .instant()
        .plus(BitbucketClient.DEFAULT_TIMEOUT)
        .plus(MAY_STILL_LAND)
        .isBefore(claim.until());
  }

  private static boolean isUnauthorized(sh.cinch.bitbucket.client.Answer<PostedStatus> answer) {
    return answer instanceof Refused<PostedStatus> refused && refused.status() == UNAUTHORIZED;
  }

  /** By its uuid: its name may come to mean another repository. */
  private static RepositoryAddress address(Repository repository) {
    return RepositoryAddress.parse(repository.fullName())
        .map(named -> new RepositoryAddress(named.workspace(), repository.uuid()))
        .orElseThrow(() -> new IllegalStateException("not a full name: " + repository.fullName()));
  }
}
