package sh.cinch.simulator.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.AccessToken;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Permission;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.Settings;
import sh.cinch.simulator.world.State;

/**
 * What every call of git passes: a token as the password, with the user name that its sort has, the
 * rate limit, scopes, the repository.
 */
public final class GitGate {
  private static final String API_TOKEN_NAME = "x-bitbucket-api-token-auth";
  private static final String TOKEN_NAME = "x-token-auth";
  private static final Required READ = Required.REPOSITORY;
  private static final Required WRITE =
      new Required(
          List.of("repository:write"),
          List.of("read:repository:bitbucket", "write:repository:bitbucket"));

  private final RateLimit limit = new RateLimit();

  /** Whether a call may go on. */
  public sealed interface Passage {
    /**
     * @param account who acts; nobody reads a public repository
     */
    record Open(Repository repository, Optional<Account> account) implements Passage {}

    record Shut(Reply reply) implements Passage {}
  }

  /**
   * @param name of the repository: its slug or its UUID
   */
  public Passage enter(
      State state, Call call, String workspace, String name, boolean writes, Instant now) {
    Optional<Repository> repository = state.repository(workspace, name);
    Optional<AccessToken> known = token(state, call).filter(token -> !token.isExpired(now));
    if (known.isEmpty()) {
      boolean isOpen =
          !writes
              && call.header("Authorization").isEmpty()
              && repository.filter(there -> !there.isPrivate()).isPresent();
      return isOpen
          ? new Passage.Open(repository.get(), Optional.empty())
          : new Passage.Shut(unauthorized());
    }
    AccessToken token = known.get();
    Settings settings = state.settings();
    RateLimit.Room room =
        limit.take(
            token.charged(),
            Pool.GIT,
            settings.hourlyLimit() * Pool.GIT_FOR_ONE,
            Duration.ofSeconds(settings.windowSeconds()),
            now);
    if (room == RateLimit.Room.NONE) {
      return new Passage.Shut(ApiError.rateLimited());
    }
    Required needed = writes ? WRITE : READ;
    if (!Scopes.cover(token.scopes(), needed.of(token))) {
      return refused(403, "Your credentials lack one or more required privilege scopes.");
    }
    Account account = state.account(token.account());
    if (repository.filter(account::maySee).isEmpty()) {
      return state
          .moved(workspace, name)
          .filter(account::maySee)
          .<Passage>map(to -> new Passage.Shut(moved(call, workspace, name, to)))
          .orElseGet(
              () ->
                  refused(
                      404,
                      "You may not have access to this repository or it no longer exists in this"
                          + " workspace."));
    }
    return writes && !account.may(Permission.WRITE, repository.get())
        ? refused(403, "You do not have write access to this repository.")
        : new Passage.Open(repository.get(), Optional.of(account));
  }

  private static Reply moved(Call call, String workspace, String name, Repository to) {
    String rest = call.path().replaceFirst("^/[^/]+/[^/]+", "");
    boolean isWithEnding = call.path().startsWith("/%s/%s.git/".formatted(workspace, name));
    return Reply.moved(
        call.address("/" + to.fullName() + (isWithEnding ? ".git" : "") + rest, call.query()));
  }

  private static Passage refused(int status, String why) {
    return new Passage.Shut(Reply.text(status, why + "\n"));
  }

  private static Reply unauthorized() {
    return Reply.text(401, "Authentication failed\n")
        .with("WWW-Authenticate", "Basic realm=\"Bitbucket.org HTTP\"");
  }

  static Optional<AccessToken> token(State state, Call call) {
    return call.basic()
        .flatMap(
            pair -> {
              int colon = pair.indexOf(':');
              String name = pair.substring(0, colon);
              return state
                  .credentials()
                  .accessToken(pair.substring(colon + 1))
                  .filter(token -> name(token).equals(name));
            });
  }

  private static String name(AccessToken token) {
    return token.kind() == AccessToken.Kind.API_TOKEN ? API_TOKEN_NAME : TOKEN_NAME;
  }
}
