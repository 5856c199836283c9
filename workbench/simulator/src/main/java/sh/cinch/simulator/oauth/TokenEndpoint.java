package sh.cinch.simulator.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Settings.Dialect;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.World;

/** {@code POST /site/oauth2/access_token}: a form in, HTTP Basic, JSON out. */
final class TokenEndpoint {
  private final World world;
  private final OAuthClient client;

  TokenEndpoint(World world, OAuthClient client) {
    this.world = world;
    this.client = client;
  }

  Reply answer(Call call) {
    return world.change(state -> render(decide(call, state), state.settings().dialect()));
  }

  private TokenAnswer decide(Call call, State state) {
    return switch (state.settings().client()) {
      case UNAUTHENTICATED -> TokenAnswer.Refused.NOT_AUTHENTICATED;
      case INVALID_CLIENT -> TokenAnswer.Refused.INVALID_CLIENT;
      case INVALID_CREDENTIALS -> TokenAnswer.Refused.INVALID_CREDENTIALS;
      case ACCEPTED ->
          isAuthenticated(call)
              ? decide(call.form(), new TokenIssuer(state, client, world.now()))
              : TokenAnswer.Refused.NOT_AUTHENTICATED;
    };
  }

  private static TokenAnswer decide(Map<String, String> form, TokenIssuer issuer) {
    Optional<String> grantType = Optional.ofNullable(form.get("grant_type"));
    return switch (grantType.orElse("")) {
      case "authorization_code" ->
          issuer.exchange(
              form.getOrDefault("code", ""), Optional.ofNullable(form.get("redirect_uri")));
      case "refresh_token" -> issuer.refresh(form.getOrDefault("refresh_token", ""));
      case "client_credentials" -> issuer.clientCredentials();
      default -> TokenAnswer.Refused.unsupported(grantType);
    };
  }

  private boolean isAuthenticated(Call call) {
    return call.basic().equals(Optional.of(client.id() + ":" + client.secret()));
  }

  private static Reply render(TokenAnswer answer, Dialect dialect) {
    return switch (answer) {
      case TokenAnswer.Issued issued ->
          Reply.json(200, body(issued, dialect)).with("Cache-Control", "no-store");
      case TokenAnswer.Refused refused -> refusal(refused);
    };
  }

  private static Reply refusal(TokenAnswer.Refused refused) {
    ObjectNode body =
        Json.object().put("error", refused.error()).put("error_description", refused.description());
    return refused.equals(TokenAnswer.Refused.INVALID_CLIENT)
        ? Reply.json(401, body).with("WWW-Authenticate", "Basic realm=\"Bitbucket\"")
        : Reply.json(400, body);
  }

  private static ObjectNode body(TokenAnswer.Issued issued, Dialect dialect) {
    ObjectNode body =
        Json.object()
            .put("access_token", issued.accessToken())
            .put(dialect == Dialect.LEGACY ? "scopes" : "scope", String.join(" ", issued.scopes()))
            .put("token_type", "bearer");
    issued.expiresIn().ifPresent(seconds -> body.put("expires_in", seconds));
    issued.refreshToken().ifPresent(token -> body.put("refresh_token", token));
    if (dialect == Dialect.LEGACY) {
      // the grant type, whatever the name suggests
      body.put("state", issued.grantType());
    }
    return body;
  }
}
