package sh.cinch.ingress.web.pages;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.service.http.BodyStep;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.http.PercentCoding;
import sh.cinch.service.http.Problem;

/**
 * Reads the fields of a form. Of whoever is not signed in nothing is read: there is nothing that
 * they could change.
 */
final class FormStep implements Handler<RoutingContext> {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final int MOST_FIELDS = 2_000;

  private final SignedIn signedIn;
  private final BodyStep body;

  FormStep(Vertx vertx, HttpBounds bounds, SignedIn signedIn) {
    this.signedIn = signedIn;
    this.body =
        new BodyStep(
            vertx,
            bounds,
            RequestLimits.FORM,
            BodyStep.WITHIN,
            // Known by then: it was looked up before.
            context ->
                signedIn.find(context).map(session -> "account:" + session.account().uuid()));
  }

  @Override
  public void handle(RoutingContext context) {
    context.request().pause();
    if (context.request().headers().contains(HttpHeaders.COOKIE)) {
      Context eventLoop = context.vertx().getOrCreateContext();
      Thread.ofVirtual()
          .name("form")
          .start(
              () -> {
                try {
                  Handler<RoutingContext> next =
                      signedIn.find(context).isPresent() ? body : RoutingContext::next;
                  eventLoop.runOnContext(now -> next.handle(context));
                } catch (RuntimeException e) {
                  eventLoop.runOnContext(now -> context.fail(e));
                }
              });
    } else {
      context.next();
    }
  }

  /** For behind it: the fields are the request's form attributes then. */
  static void fields(RoutingContext context) {
    if (context.body().isEmpty()) {
      context.next();
      return;
    }
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
      context.fail(415, new Problem(415, "No form", "Send the fields as " + FORM + "."));
      return;
    }
    String text = context.body().buffer().toString(StandardCharsets.UTF_8);
    if (!PercentCoding.isReadable(text)) {
      context.fail(400, new Problem(400, "Malformed form", "The fields cannot be decoded."));
      return;
    }
    new QueryStringDecoder(text, StandardCharsets.UTF_8, false, MOST_FIELDS, true)
        .parameters()
        .forEach((name, values) -> context.request().formAttributes().add(name, values));
    context.next();
  }
}
