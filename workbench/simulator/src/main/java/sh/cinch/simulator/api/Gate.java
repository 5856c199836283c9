package sh.cinch.simulator.api;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.AccessToken;
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

  Passage enter(State state, Call call, List<String> required, Instant now) {
    Optional<AccessToken> known = bearer(call).flatMap(state.credentials()::accessToken);
    if (known.isEmpty()) {
      return new Passage.Shut(ApiError.unauthorized());
    }
    AccessToken token = known.get();
    if (token.isExpired(now)) {
      return new Passage.Shut(ApiError.expired());
    }
    Pool pool = Pool.of(call);
    int hourly = state.settings().hourlyLimit();
    RateLimit.Room room = limit.take(token.charged(), pool, hourly, now);
    if (room == RateLimit.Room.NONE) {
      return new Passage.Shut(ApiError.rateLimited());
    }
    var headers = new LinkedHashMap<String, String>();
    headers.put("X-OAuth-Scopes", String.join(", ", token.scopes()));
    headers.put("X-Accepted-OAuth-Scopes", String.join(", ", required));
    switch (token.kind()) {
      case OAUTH -> headers.put("X-Credential-Type", "oauth2");
      case REPOSITORY -> {
        headers.put("X-Credential-Type", "repo_access_token");
        if (hourly > 0) {
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

  /** The token, if it came the one way that is taken: not in the query, not in the body. */
  static Optional<String> bearer(Call call) {
    return call.header("Authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip());
  }
}
