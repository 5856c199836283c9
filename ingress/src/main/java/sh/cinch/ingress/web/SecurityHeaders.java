package sh.cinch.ingress.web;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;

/** What browsers are told on every answer: nothing foreign runs here, and nobody frames it. */
final class SecurityHeaders implements Handler<RoutingContext> {

  private final String policy;
  private final boolean secure;

  /**
   * @param consentSite where the form that signs in may lead by a redirect
   */
  SecurityHeaders(URI baseUrl, URI consentSite) {
    this.secure = "https".equals(baseUrl.getScheme());
    this.policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "
            + consentSite;
  }

  @Override
  public void handle(RoutingContext context) {
    MultiMap headers = context.response().headers();
    headers.set("content-security-policy", policy);
    headers.set("x-content-type-options", "nosniff");
    headers.set("referrer-policy", "same-origin");
    headers.set("x-frame-options", "DENY");
    if (secure) {
      headers.set("strict-transport-security", "max-age=31536000");
    }
    context.next();
  }
}
