package sh.cinch.service.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Runs a handler top to bottom on a virtual thread, where it may block. The body must have been
 * read before. Whatever the handler throws is answered; the connection never hangs.
 */
public final class BlockingHandler implements Handler<RoutingContext> {

  /** What a handler may do. */
  @FunctionalInterface
  public interface Step {
    void handle(RoutingContext context) throws Exception;
  }

  private final Step step;

  private BlockingHandler(Step step) {
    this.step = step;
  }

  public static BlockingHandler handler(Step step) {
    return new BlockingHandler(step);
  }

  @Override
  public void handle(RoutingContext context) {
    Thread.ofVirtual().name(context.request().path()).start(() -> run(context));
  }

  private void run(RoutingContext context) {
    try {
      step.handle(context);
    } catch (Problem problem) {
      answer(context, problem);
    } catch (Exception e) {
      answer(context, Unforeseen.problem(context, e));
    }
  }

  private static void answer(RoutingContext context, Problem problem) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.headWritten()) {
      problem.send(response);
    }
  }
}
