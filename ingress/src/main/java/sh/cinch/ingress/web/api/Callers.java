package sh.cinch.ingress.web.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import sh.cinch.ingress.connecting.session.Session;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;

/**
 * Tells callers by their token, or by their session.
 *
 * @param operatorToken one that works from the start, from the settings
 */
record Callers(ApiTokens tokens, SignedIn signedIn, Optional<Secret> operatorToken) {

  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  /**
   * @throws Problem 401 where it is nobody, 403 where another site may have sent the request
   */
  Caller of(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    return authorization == null ? person(request) : holder(authorization);
  }

  private Caller holder(String authorization) {
    return RandomToken.bearer(authorization).flatMap(this::known).orElseThrow(Callers::nobody);
  }

  /** Whose token this is; empty where it is nobody's. */
  Optional<Caller> known(RandomToken shown) {
    return operatorToken.filter(shown.secret()::matches).isPresent()
        ? Optional.of(new Caller.Operator())
        : tokens.holder(shown);
  }

  private Caller person(HttpServerRequest request) {
    Session session = signedIn.find(request).orElseThrow(Callers::nobody);
    if (!READING.contains(request.method())) {
      SignedIn.checkForm(session, request.getHeader(SignedIn.FORM_HEADER));
    }
    return new Caller.Person(session);
  }

  private static Problem nobody() {
    return new Problem(
        401, "Not signed in", "Send an API token of this Cinch: Authorization: Bearer <token>.");
  }
}
