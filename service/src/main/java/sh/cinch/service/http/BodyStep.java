package sh.cinch.service.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the body of a request for the handlers behind it, once it is known who sends it. What it
 * refuses is a failure of the routing context, with a {@link Problem} as its cause.
 */
public final class BodyStep implements Handler<RoutingContext> {

  /** Also for who has a slow line: API bodies and forms are small. */
  public static final Duration WITHIN = Duration.ofSeconds(20);

  private final HttpBounds bounds;
  private final BodyReader reader;
  private final Function<RoutingContext, Optional<String>> owner;

  /**
   * @param largest bytes
   * @param owner whose a body is, where more is known than its address
   */
  public BodyStep(
      Vertx vertx,
      HttpBounds bounds,
      int largest,
      Duration within,
      Function<RoutingContext, Optional<String>> owner) {
    this.bounds = bounds;
    this.reader = new BodyReader(vertx, largest, within);
    this.owner = owner;
  }

  @Override
  public void handle(RoutingContext context) {
    if (!BodyReader.isAnnounced(context.request())) {
      context.request().resume();
      context.next();
    } else if (BodyReader.isCompressed(context.request())) {
      fail(context, new Problem(415, "Compressed", "Send the body without a Content-Encoding."));
    } else {
      BodiesInFlight.Share share = bounds.share(owner.apply(context), context.request());
      reader.read(context.request(), share, body -> read(context, share, body));
    }
  }

  private void read(RoutingContext context, BodiesInFlight.Share share, Body body) {
    switch (body) {
      case Body.Whole(var bytes) -> {
        // Not by the end handler: where the sender has gone, the body is still being worked on.
        context.addBodyEndHandler(answered -> share.close());
        ((RoutingContextInternal) context).setBody(bytes);
        context.next();
      }
      case Body.TooLarge() ->
          fail(
              context,
              new Problem(
                  413,
                  "Too large",
                  "A body has at most %d bytes here.".formatted(reader.largest())));
      case Body.NoRoom() ->
          fail(
              context,
              new Problem(
                      503,
                      "Too much at once",
                      "Too many bodies are under way; send this again soon.")
                  .retryAfter(RetryAfter.SOON));
      case Body.TooSlow() ->
          fail(
              context,
              new Problem(
                  408,
                  "Too slow",
                  "The body did not come within %d seconds."
                      .formatted(reader.within().toSeconds())));
    }
  }

  private static void fail(RoutingContext context, Problem problem) {
    context.fail(problem.status(), problem);
  }
}
