package sh.cinch.forge.cloud;

import io.vertx.ext.web.client.WebClient;
import java.util.OptionalInt;
import java.util.Set;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.forge.AuthorizationProbe;
import sh.cinch.forge.Cause;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Repositories;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.Requests;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.token.Account;

/** Asks Bitbucket Cloud about an authorization. */
public final class CloudProbe implements AuthorizationProbe {

  private static final Advice FINDING =
      Advice.READING.unconnected(" (is the name right, and the token made for it?)");

  private static final Advice ASKING = Advice.READING.unconnected("");

  private final WebClient web;
  private final Site site;
  private final Requests requests;
  private final String identity;
  private final Secret authorization;

  /**
   * @param identity whose requests Bitbucket counts together
   * @param authorization the whole value of the {@code Authorization} header
   */
  public CloudProbe(
      WebClient web, Site site, Requests requests, String identity, Secret authorization) {
    this.web = web;
    this.site = site;
    this.requests = requests;
    this.identity = identity;
    this.authorization = authorization;
  }

  @Override
  public ForgeResult<Account> owner() {
    return read(ASKING, client(Pool.REPOSITORIES).user())
        .then(
            user ->
                user.isPerson()
                    ? new ForgeResult.Done<>(new Account(user.uuid(), user.displayName()), 200)
                    : new ForgeResult.Refused<>(
                        Cause.FORBIDDEN, OptionalInt.of(200), "it belongs to no person"));
  }

  @Override
  public ForgeResult<Repositories.Found> find(ForgeRepository repository) {
    RepositoryAddress address = CloudSession.address(repository);
    return read(FINDING, client(Pool.REPOSITORIES).repository(address))
        .map(CloudRepositories::found);
  }

  /**
   * There is no call that says so, but a refusal for want of a scope lists those that are there;
   * where nothing is refused, what worked is known.
   */
  @Override
  public Set<String> scopes(ForgeRepository repository, boolean ofAPerson) {
    // Needs the scope account, which tokens of repositories and projects cannot have.
    Set<String> told = granted(client(Pool.REPOSITORIES).workspaces());
    if (!told.isEmpty()) {
      return told;
    }
    Answer<?> hooks = client(Pool.WEBHOOKS).hooks(CloudSession.address(repository));
    told = granted(hooks);
    if (!told.isEmpty()) {
      return told;
    }
    String reading = ofAPerson ? "read:repository:bitbucket" : "repository";
    return hooks instanceof Answer.Ok<?>
        ? Set.of(reading, ofAPerson ? "read:webhook:bitbucket" : "webhook")
        : Set.of(reading);
  }

  private static Set<String> granted(Answer<?> answer) {
    return answer instanceof Answer.Refused<?> refused ? refused.error().grantedScopes() : Set.of();
  }

  private static <T> ForgeResult<T> read(Advice advice, Answer<T> answer) {
    return new AnswerReader(1, advice, () -> true).read(answer);
  }

  private BitbucketClient client(Pool pool) {
    return new BitbucketClient(
            web,
            site.api(),
            () -> {
              requests.made(identity, pool, Purpose.CONNECTING);
              return authorization.reveal();
            })
        .withTimeout(Forge.TIME_LIMIT);
  }
}
