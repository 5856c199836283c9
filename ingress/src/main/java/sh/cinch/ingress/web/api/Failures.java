package sh.cinch.ingress.web.api;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.validation.ValidatorErrorType;
import io.vertx.openapi.validation.ValidatorException;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.Unforeseen;

/** What the router itself refuses, as problem documents. */
final class Failures implements Handler<RoutingContext> {

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
      default -> Unforeseen.problem(context, context.failure());
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
