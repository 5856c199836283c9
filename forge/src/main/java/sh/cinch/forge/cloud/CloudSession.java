package sh.cinch.forge.cloud;

import io.vertx.core.http.HttpClient;
import io.vertx.ext.web.client.WebClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.bitbucket.client.Uploads;
import sh.cinch.bitbucket.http.Exchange;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeDownloads;
import sh.cinch.forge.ForgeHooks;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeSession;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Refs;
import sh.cinch.forge.Repositories;
import sh.cinch.forge.Site;
import sh.cinch.forge.Statuses;
import sh.cinch.forge.call.LeasedCalls;
import sh.cinch.forge.call.Requests;
import sh.cinch.schema.event.ForgeRequest;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.trace.Traceparent;

/** One caller's calls to Bitbucket Cloud. */
final class CloudSession implements ForgeSession {

  private final Site site;
  private final WebClient web;
  private final HttpClient uploading;
  private final Requests budget;
  private final ForgeCaller caller;
  private final LeasedCalls calls;
  private final InstantSource clock;
  private final OddEntries odd;
  private final List<ForgeRequest> requests = new ArrayList<>();
  private Optional<String> account = Optional.empty();
  private Optional<Requests.Ticket> ticket = Optional.empty();

  CloudSession(
      Site site,
      WebClient web,
      HttpClient uploading,
      Requests budget,
      ForgeCaller caller,
      LeasedCalls calls,
      InstantSource clock,
      OddEntries odd) {
    this.site = site;
    this.web = web;
    this.uploading = uploading;
    this.budget = budget;
    this.caller = caller;
    this.calls = calls;
    this.clock = clock;
    this.odd = odd;
  }

  @Override
  public Repositories repositories() {
    return new CloudRepositories(this);
  }

  @Override
  public Statuses statuses() {
    return new CloudStatuses(this, site);
  }

  @Override
  public Refs refs() {
    return new CloudRefs(this);
  }

  @Override
  public ForgeHooks hooks() {
    return new CloudHooks(this);
  }

  @Override
  public <C extends Capability> Optional<C> optional(Class<C> capability) {
    return capability == ForgeDownloads.class
        ? Optional.of(capability.cast(new CloudDownloads(this)))
        : Optional.empty();
  }

  @Override
  public List<ForgeRequest> requests() {
    return List.copyOf(requests);
  }

  OddEntries odd() {
    return odd;
  }

  /** As whom the last request was made; empty where that is not known. */
  Optional<String> account() {
    return account;
  }

  /**
   * @param repository whose own answer tells a refusal from an outage
   */
  <T> ForgeResult<T> ask(
      Pool pool,
      Advice advice,
      RepositoryAddress repository,
      Function<BitbucketClient, Answer<T>> call) {
    return leased(lease -> reader(advice, lease, repository).read(call.apply(client(lease, pool))));
  }

  /** For what no repository stands behind, or the very repository. */
  <T> ForgeResult<T> ask(Advice advice, Function<BitbucketClient, Answer<T>> call) {
    return leased(
        lease ->
            new AnswerReader(caller.failures(), advice, () -> true)
                .read(call.apply(client(lease, Pool.REPOSITORIES))));
  }

  <T> ForgeResult<T> leased(Function<Lease, ForgeResult<T>> request) {
    try {
      return calls.call(request);
    } catch (NoRequest e) {
      return e.why.later();
    }
  }

  AnswerReader reader(Advice advice, Lease lease, RepositoryAddress repository) {
    return new AnswerReader(
        caller.failures(), advice, () -> answers(lease, repository) instanceof Answer.Ok);
  }

  /** Looks whether the repository itself answers; not one of the requests for what was asked. */
  private Answer<?> answers(Lease lease, RepositoryAddress repository) {
    return client(() -> counted(lease, Pool.REPOSITORIES))
        .observedBy(this::ended)
        .repository(repository);
  }

  private BitbucketClient client(Lease lease, Pool pool) {
    account = lease.account();
    return client(() -> counted(lease, pool)).observedBy(this::requested);
  }

  private BitbucketClient client(Supplier<String> authorization) {
    return new BitbucketClient(web, site.api(), authorization)
        .withTimeout(Forge.TIME_LIMIT)
        .withHeaders(this::headers);
  }

  Uploads uploads(Lease lease) {
    return new Uploads(
            uploading,
            site.api(),
            () -> {
              String authorization = counted(lease, Pool.REPOSITORIES);
              ticket.ifPresent(Requests.Ticket::takesLong);
              return authorization;
            })
        .withHeaders(this::headers)
        .observedBy(this::ended);
  }

  private Map<String, String> headers() {
    return Map.of(Traceparent.HEADER, caller.trace().child().toString());
  }

  private void requested(Exchange exchange) {
    ended(exchange);
    requests.add(
        new ForgeRequest(
            clock.instant().minus(exchange.took()),
            exchange.method().name(),
            exchange.status().isPresent() ? exchange.status().getAsInt() : null,
            exchange.took().toMillis(),
            exchange.requestId()));
  }

  /** Before its answer is read, which may be of a limit. */
  private void ended(Exchange exchange) {
    ticket.ifPresent(one -> one.ended(exchange));
    ticket = Optional.empty();
  }

  /** The client asks for the authorization once for each request. */
  private String counted(Lease lease, Pool pool) {
    return switch (budget.take(lease, caller, pool)) {
      case Requests.Passage.Shut(Allowance.None why) -> throw new NoRequest(why);
      case Requests.Passage.Open(Requests.Ticket one) -> {
        ticket = Optional.of(one);
        yield lease.authorization().reveal();
      }
    };
  }

  /** By uuids where they are known. */
  static RepositoryAddress address(ForgeRepository repository) {
    RepositoryAddress named =
        RepositoryAddress.parse(repository.fullName())
            .orElseThrow(
                () -> new IllegalArgumentException("not a full name: " + repository.fullName()));
    return new RepositoryAddress(
        repository.workspaceUuid().orElseGet(named::workspace),
        repository.uuid().orElseGet(named::repository));
  }

  /** Keeps the client from making a request, in the midst of a list too; nobody else sees it. */
  private static final class NoRequest extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Allowance.None why;

    NoRequest(Allowance.None why) {
      super(why.reason(), null, false, false);
      this.why = why;
    }
  }
}
