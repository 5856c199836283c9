package sh.cinch.ingress.web.api;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.validation.ValidatorErrorType;
import io.vertx.openapi.validation.ValidatorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.http.Problem;

/** What the router itself refuses, as problem documents. */
final class Failures implements Handler<RoutingContext> {

  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  @Override
  public void handle(RoutingContext context) {
    if (!context.response().headWritten()) {
      problem(context).send(context.response());
    }
  }

  private static Problem problem(RoutingContext context) {
    if (context.failure() instanceof Problem said) {
      return said;
    }
    ValidatorException invalid = cause(context.failure());
    if (invalid != null && invalid.type() == ValidatorErrorType.ILLEGAL_VALUE) {
      return new Problem(400, "Malformed request", "The body is not JSON.");
    }
    if (invalid != null) {
      return new Problem(400, "Malformed request", String.valueOf(invalid.getMessage()));
    }
    return switch (context.statusCode()) {
      case 400 -> new Problem(400, "Malformed request", "This is not a request of the API.");
      case 404 ->
          new Problem(404, "No such address", "See openapi.json for the addresses there are.");
      case 405 -> new Problem(405, "Not this way", "This address does not take this method.");
      default -> {
        log.error("failed path={}", context.normalizedPath(), context.failure());
        yield new Problem(500, "Internal error", "Cinch could not do this; its log says why.");
      }
    };
  }

  private static @Nullable ValidatorException cause(@Nullable Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof ValidatorException invalid) {
        return invalid;
      }
    }
    return null;
  }
}
