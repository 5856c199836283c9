package sh.cinch.ingress.web.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.web.access.Right;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.service.http.Problem;

/** API tokens, for the operator. */
record TokenOperations(Rights rights, ApiTokens tokens) {

  /** A token that was just made; {@code token} is shown this once. */
  record Made(@JsonUnwrapped ApiToken kept, String token) {
    @Override
    public String toString() {
      return "Made[kept=%s]".formatted(kept);
    }
  }

  ApiReply make(ApiCall call) {
    JsonObject body = call.body();
    ApiToken.Kind kind = ApiToken.Kind.of(body.getString("kind"));
    Set<UUID> repositories =
        body.getJsonArray("repositories", new JsonArray()).stream()
            .map(id -> UUID.fromString((String) id))
            .collect(Collectors.toSet());
    if ((kind == ApiToken.Kind.RUNNER) == repositories.isEmpty()) {
      throw new Problem(
          400,
          "Malformed request",
          "'repositories' names what a runner may report on, and is empty for an operator.");
    }
    repositories.forEach(id -> rights.of(call.caller(), Right.SEE, id));
    ApiTokens.Made made = tokens.make(kind, repositories, body.getString("name", ""));
    return ApiReply.of(201, new Made(made.token(), made.secret().text()));
  }

  ApiReply list(ApiCall call) {
    return ApiReply.ok(new Page<>(tokens.all(), Optional.empty()));
  }

  ApiReply revoke(ApiCall call) {
    if (!tokens.revoke(call.id())) {
      throw new Problem(404, "No such token", "There is no API token with this id.");
    }
    return ApiReply.nothing();
  }
}
