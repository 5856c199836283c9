package sh.cinch.releaseworker.forge;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.Answer.Ok;
import sh.cinch.bitbucket.client.Answer.Refused;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.bitbucket.client.Uploads;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.lease.LeaseResult;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.trace.Traceparent;

/** Bitbucket as one attempt reaches it: with its repository's credential, lent for a while. */
public final class Access {

  private static final Duration LENDING_PAUSE = Duration.ofSeconds(10);
  private static final Duration AUTHORIZING_PAUSE = Duration.ofSeconds(15);
  private static final int UNAUTHORIZED = 401;

  private final Bitbucket bitbucket;
  private final Leases leases;
  private final UUID credential;
  private final RepositoryAddress address;
  private final Traceparent trace;
  private final int failures;

  /**
   * @param failures so far, with this attempt should it fail
   */
  public Access(
      Bitbucket bitbucket,
      Leases leases,
      UUID credential,
      Repository repository,
      Traceparent trace,
      int failures) {
    this.bitbucket = bitbucket;
    this.leases = leases;
    this.credential = credential;
    this.address = Bitbucket.address(repository);
    this.trace = trace;
    this.failures = failures;
  }

  public RepositoryAddress address() {
    return address;
  }

  /** Asks; a token that Bitbucket refuses is given back, and the call made once more. */
  public <T> Got<T> get(Function<BitbucketClient, Answer<T>> call) {
    return switch (lend()) {
      case Lending.Withheld(Setback setback) -> new Got.Not<>(setback);
      case Lending.Lent(Lease lease) -> {
        Answer<T> answer = call.apply(bitbucket.client(lease, trace));
        if (answer instanceof Refused<T> refused && refused.status() == UNAUTHORIZED) {
          giveBack(lease);
          yield switch (lend()) {
            case Lending.Withheld(Setback setback) -> new Got.Not<>(setback);
            case Lending.Lent(Lease fresh) -> read(call.apply(bitbucket.client(fresh, trace)));
          };
        }
        yield read(answer);
      }
    };
  }

  private <T> Got<T> read(Answer<T> answer) {
    return refusals()
        .of(answer)
        .<Got<T>>map(Got.Not::new)
        .orElseGet(() -> new Got.Value<>(((Ok<T>) answer).value()));
  }

  public Lending lend() {
    return switch (leases.lease(credential)) {
      case LeaseResult.Lent(Lease lease) -> new Lending.Lent(lease);
      case LeaseResult.NeedsAuthorization(String reason) -> unauthorized(reason);
      case LeaseResult.Unknown() ->
          unauthorized("the repository's credential is gone: connect the repository again");
      case LeaseResult.NotNow(String reason) ->
          new Lending.Withheld(
              new Setback.Later(Obstacle.LEASE, OptionalInt.empty(), reason, LENDING_PAUSE));
    };
  }

  private static Lending unauthorized(String reason) {
    return new Lending.Withheld(
        new Setback.Later(Obstacle.AUTHORIZATION, OptionalInt.empty(), reason, AUTHORIZING_PAUSE));
  }

  /** Bitbucket refused it. */
  public void giveBack(Lease lease) {
    leases.reject(credential, lease);
  }

  public Uploads uploads(Lease lease) {
    return bitbucket.uploads(lease, trace);
  }

  /** How to read what Bitbucket refuses. */
  public Refusals refusals() {
    return new Refusals(failures, this::repositoryAnswers);
  }

  private boolean repositoryAnswers() {
    return switch (lend()) {
      case Lending.Withheld withheld -> false;
      case Lending.Lent(Lease lease) ->
          bitbucket.client(lease, trace).repository(address) instanceof Ok;
    };
  }
}
