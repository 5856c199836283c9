package sh.cinch.simulator.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.oauth.RefreshLog.Shown;
import sh.cinch.simulator.world.RefreshToken;
import sh.cinch.simulator.world.Settings.Dialect;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.World;

/** {@code POST /site/oauth2/access_token}: a form in, HTTP Basic, JSON out. */
record TokenEndpoint(World world, OAuthClient client, RefreshLog refreshes) {
  static final String PATH = "/site/oauth2/access_token";
  private static final String REFRESH = "refresh_token";

  static boolean isRefresh(Call call) {
    return call.route().equals(PATH) && REFRESH.equals(call.form().get("grant_type"));
  }

  Reply answer(Call call) {
    Map<String, String> form = call.form();
    return world.change(
        state -> {
          Instant now = world.now();
          TokenAnswer answer =
              REFRESH.equals(form.get("grant_type"))
                  ? counted(call, form, state, now)
                  : decide(call, form, state, now);
          return render(answer, state.settings().dialect());
        });
  }

  private TokenAnswer counted(Call call, Map<String, String> form, State state, Instant now) {
    Optional<RefreshToken> token = state.credentials().refreshToken(form.getOrDefault(REFRESH, ""));
    String account =
        token
            .flatMap(known -> state.credentials().grant(known.grant()))
            .map(grant -> state.account(grant.account()).nickname())
            .orElse(RefreshLog.UNKNOWN);
    // before the answer, which may replace it
    Shown shown = token.map(known -> shown(known, state, now)).orElse(Shown.NOT_REPLACED);
    TokenAnswer answer = decide(call, form, state, now);
    refreshes.count(account, shown, answer instanceof TokenAnswer.Issued);
    return answer;
  }

  private static Shown shown(RefreshToken token, State state, Instant now) {
    if (token.isSpent(Duration.ofSeconds(state.settings().refreshGraceSeconds()), now)) {
      return Shown.SPENT;
    }
    return token.replacedAt().isPresent() ? Shown.REPLACED : Shown.NOT_REPLACED;
  }

  private TokenAnswer decide(Call call, Map<String, String> form, State state, Instant now) {
    return switch (state.settings().client()) {
      case UNAUTHENTICATED -> TokenAnswer.Refused.NOT_AUTHENTICATED;
      case INVALID_CLIENT -> TokenAnswer.Refused.INVALID_CLIENT;
      case INVALID_CREDENTIALS -> TokenAnswer.Refused.INVALID_CREDENTIALS;
      case ACCEPTED ->
          isAuthenticated(call)
              ? decide(form, new TokenIssuer(state, client, now))
              : TokenAnswer.Refused.NOT_AUTHENTICATED;
    };
  }

  private static TokenAnswer decide(Map<String, String> form, TokenIssuer issuer) {
    Optional<String> grantType = Optional.ofNullable(form.get("grant_type"));
    return switch (grantType.orElse("")) {
      case "authorization_code" ->
          issuer.exchange(
              form.getOrDefault("code", ""), Optional.ofNullable(form.get("redirect_uri")));
      case REFRESH -> issuer.refresh(form.getOrDefault(REFRESH, ""));
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
