package sh.cinch.ingress.web.pages;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jooq.exception.DataAccessException;
import sh.cinch.ingress.connecting.session.Session;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.ingress.forge.ForgeAnswers;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.Unforeseen;

/** Makes handlers whose refusals are pages, since people read them. */
record PageStep(Html html, SignedIn signedIn, CredentialNotices notices) {

  private static final int UNAVAILABLE = 503;

  Handler<RoutingContext> handler(BlockingHandler.Step step) {
    return BlockingHandler.handler(
        context -> {
          try {
            step.handle(context);
          } catch (Problem problem) {
            show(context, problem);
          } catch (DataAccessException e) {
            show(context, Unforeseen.problem(context, e));
          }
        });
  }

  void show(RoutingContext context, Problem problem) {
    Optional<Session> session = session(context);
    problem.retryAfter().ifPresent(when -> when.put(context.response()));
    html.send(
        context.response().setStatusCode(problem.status()),
        "error.jte",
        new ErrorPage(
            session.map(Viewer::of),
            problem.title(),
            problem.detail(),
            session.flatMap(viewer -> notice(viewer, problem))));
  }

  /** Nobody's, where that is not known now: what went wrong is said all the same. */
  private Optional<Session> session(RoutingContext context) {
    try {
      return signedIn.find(context);
    } catch (DataAccessException e) {
      return Optional.empty();
    }
  }

  private Optional<CredentialNotice> notice(Session session, Problem problem) {
    if (ForgeAnswers.needsAuthorization(problem)) {
      return Optional.of(notices.dead(session));
    }
    return problem.status() == UNAVAILABLE ? notices.own(session) : Optional.empty();
  }
}
