package sh.cinch.ingress.pages;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import sh.cinch.ingress.session.SignedIn;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.StraightLine;

/** Makes handlers whose refusals are pages, since people read them. */
final class PageStep {

  private final Html html;
  private final SignedIn signedIn;

  PageStep(Html html, SignedIn signedIn) {
    this.html = html;
    this.signedIn = signedIn;
  }

  Handler<RoutingContext> handler(StraightLine.Step step) {
    return StraightLine.handler(
        context -> {
          try {
            step.handle(context);
          } catch (Problem problem) {
            show(context, problem);
          }
        });
  }

  void show(RoutingContext context, Problem problem) {
    Optional<Viewer> viewer = signedIn.find(context.request()).map(Viewer::of);
    html.send(
        context.response().setStatusCode(problem.status()),
        "error.jte",
        new ErrorPage(viewer, problem.title(), problem.detail()));
  }
}
