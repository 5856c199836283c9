package sh.cinch.simulator.api;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.AccessToken;
import sh.cinch.simulator.world.Settings;
import sh.cinch.simulator.world.State;

/** What every call of the API passes: its token, the rate limit, its scopes, in this order. */
final class Gate {
  private final RateLimit limit = new RateLimit();

  sealed interface Passage {
    /**
     * The call may go on.
     *
     * @param headers for the answer
     */
    record Open(Visit visit, Map<String, String> headers) implements Passage {}

    record Shut(Reply reply) implements Passage {}
  }

  Passage enter(State state, Call call, Required needed, Instant now) {
    Optional<AccessToken> known = token(state, call);
    if (known.isEmpty()) {
      return new Passage.Shut(ApiError.unauthorized());
    }
    AccessToken token = known.get();
    if (token.isExpired(now)) {
      return new Passage.Shut(
          token.kind() == AccessToken.Kind.OAUTH ? ApiError.expired() : ApiError.unauthorized());
    }
    if (token.scopes().isEmpty()) {
      // an API token can be made without any, and is then not told from one that never was
      return new Passage.Shut(ApiError.unauthorized());
    }
    List<String> required = needed.of(token);
    Pool pool = Pool.of(call);
    Settings settings = state.settings();
    int hourly = settings.hourlyLimit();
    RateLimit.Room room =
        limit.take(
            token.charged(), pool, hourly, Duration.ofSeconds(settings.windowSeconds()), now);
    if (room == RateLimit.Room.NONE) {
      return new Passage.Shut(ApiError.rateLimited());
    }
    var headers = new LinkedHashMap<String, String>();
    headers.put("X-OAuth-Scopes", String.join(", ", token.scopes()));
    headers.put("X-Accepted-OAuth-Scopes", String.join(", ", required));
    switch (token.kind()) {
      case API_TOKEN -> {} // what is said of these has not been seen
      case OAUTH -> headers.put("X-Credential-Type", "oauth2");
      case REPOSITORY -> {
        headers.put("X-Credential-Type", "repo_access_token");
        if (hourly > 0 && settings.scaledHeaders()) {
          // OAuth clients never learn how close they are
          headers.put("X-RateLimit-Limit", String.valueOf(hourly));
          headers.put("X-RateLimit-Resource", pool.resource());
          headers.put("X-RateLimit-NearLimit", String.valueOf(room == RateLimit.Room.NEARLY_NONE));
        }
      }
    }
    if (!Scopes.cover(token.scopes(), required)) {
      return new Passage.Shut(ApiError.lacksScopes(token.scopes(), required).with(headers));
    }
    var visit = new Visit(call, state, state.account(token.account()), token, now);
    return new Passage.Open(visit, headers);
  }

  /**
   * The token a call shows, if it came in the one way that is taken: an API token by Basic with its
   * person's address, all others as Bearer; none in the query or in the body.
   */
  static Optional<AccessToken> token(State state, Call call) {
    return bearer(call)
        .flatMap(state.credentials()::accessToken)
        .filter(token -> token.email().isEmpty())
        .or(() -> call.basic().flatMap(pair -> apiToken(state, pair)));
  }

  private static Optional<AccessToken> apiToken(State state, String pair) {
    int colon = pair.indexOf(':');
    Optional<String> email = Optional.of(pair.substring(0, colon));
    return state
        .credentials()
        .accessToken(pair.substring(colon + 1))
        .filter(token -> token.email().equals(email));
  }

  private static Optional<String> bearer(Call call) {
    return call.header("Authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip());
  }
}
