package sh.cinch.ingress.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.service.http.Problem;

/** API tokens, for the operator. */
final class TokenOperations {

  private final Rights rights;
  private final ApiTokens tokens;

  TokenOperations(Rights rights, ApiTokens tokens) {
    this.rights = rights;
    this.tokens = tokens;
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record View(
      UUID id,
      String prefix,
      String kind,
      List<UUID> repositories,
      String name,
      Instant createdAt,
      @Nullable Instant lastUsedAt,
      @Nullable String token) {

    static View of(ApiToken token, @Nullable RandomToken ticket) {
      return new View(
          token.id(),
          token.prefix(),
          token.kind().word(),
          token.repositories(),
          token.name(),
          token.createdAt(),
          token.lastUsedAt().orElse(null),
          ticket == null ? null : ticket.text());
    }

    @Override
    public String toString() {
      return "View[prefix=%s]".formatted(prefix);
    }
  }

  ApiReply make(ApiCall call) {
    rights.operator(call.caller());
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
    repositories.forEach(id -> rights.visible(call.caller(), id));
    ApiTokens.Made made = tokens.make(kind, repositories, body.getString("name", ""));
    return ApiReply.of(201, View.of(made.token(), made.ticket()));
  }

  ApiReply list(ApiCall call) {
    rights.operator(call.caller());
    return ApiReply.ok(
        new ApiReply.Listing<>(
            tokens.all().stream().map(token -> View.of(token, null)).toList(), null));
  }

  ApiReply revoke(ApiCall call) {
    rights.operator(call.caller());
    if (!tokens.revoke(call.id())) {
      throw new Problem(404, "No such token", "There is no API token with this id.");
    }
    return ApiReply.nothing();
  }
}
