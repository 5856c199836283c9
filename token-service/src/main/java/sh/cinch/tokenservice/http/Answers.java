package sh.cinch.tokenservice.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import sh.cinch.service.http.Problem;
import sh.cinch.service.token.TokenJson;

/** What the routes have in common. */
final class Answers {

  private Answers() {}

  /**
   * @throws Problem naming the field that is wrong, and never its value
   */
  static <T> T read(RoutingContext context, Class<T> type) {
    try {
      return TokenJson.read(context.body().buffer(), type);
    } catch (IllegalArgumentException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  static void json(RoutingContext context, int status, Object body) {
    json(context, status, TokenJson.write(body));
  }

  static void json(RoutingContext context, int status, Buffer body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(body);
  }

  static void nothing(RoutingContext context) {
    context.response().setStatusCode(204).end();
  }

  static Problem malformed(String what) {
    return new Problem(400, "Malformed request", what);
  }

  static Problem unknown() {
    return new Problem(404, "Unknown credential", "There is no credential with this id.");
  }

  static Problem notNow(String why) {
    return new Problem(503, "Not now", why);
  }

  /** An id of another form is as unknown as any other. */
  static UUID credentialId(RoutingContext context) {
    try {
      return UUID.fromString(context.pathParam("id"));
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
  }
}
