package sh.cinch.ingress.web.pages;

import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.StaticHandler;
import java.net.URI;
import sh.cinch.ingress.connecting.ConnectParts;
import sh.cinch.ingress.connecting.access.RepositoryAccessCache;
import sh.cinch.ingress.connecting.session.Sessions;
import sh.cinch.ingress.connecting.session.SignIns;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.ingress.readmodel.LiveFeed;
import sh.cinch.ingress.readmodel.Projections;
import sh.cinch.ingress.readmodel.Releases;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.Problem;

/** All pages, the forms on them, and what they are made with. */
public final class PageRoutes {

  private static final long LONGEST_FORM = 64 * 1024;
  private static final long STYLE_KEPT_SECONDS = 600;

  private final Html html = new Html();
  private final PageStep step;
  private final HomePages homes;
  private final SignInPages signIn;
  private final ConnectPages connect;
  private final LiveStream live;

  /**
   * Where people consent.
   *
   * @param url Bitbucket's site
   * @param clientId of the OAuth client that the operator registered there
   */
  public record Consent(URI url, String clientId) {}

  public PageRoutes(
      ServiceContext parts,
      URI baseUrl,
      Consent consent,
      Sessions sessions,
      SignedIn signedIn,
      RepositoryAccessCache sights,
      ConnectParts connectParts,
      LiveFeed feed) {
    var projections = new Projections(parts.database());
    var notices = new CredentialNotices(projections);
    this.step = new PageStep(html, signedIn, notices);
    this.homes =
        new HomePages(
            html,
            signedIn,
            sights,
            connectParts,
            projections,
            new Releases(parts.database()),
            consent.url(),
            notices);
    this.signIn =
        new SignInPages(
            html,
            new ConsentUrl(
                parts.vertx(),
                consent.url(),
                consent.clientId(),
                URI.create(baseUrl + SignInPages.CALLBACK)),
            new SignIns(parts.database(), parts.clock()),
            sessions,
            signedIn,
            connectParts.tokenService(),
            connectParts.unused(),
            baseUrl);
    this.connect = new ConnectPages(html, signedIn, sights, connectParts);
    this.live = new LiveStream(feed, signedIn, connectParts.connections(), sights);
  }

  public void mount(Router router) {
    router
        .get("/static/*")
        .handler(
            StaticHandler.create("static")
                .setMaxAgeSeconds(STYLE_KEPT_SECONDS)
                .setIncludeHidden(false));
    router.get("/").handler(step.handler(homes::home));
    router.get(SignInPages.START).handler(step.handler(signIn::start));
    router.get(SignInPages.CALLBACK).handler(step.handler(signIn::callback));
    router.get(SignInPages.ACCOUNT).handler(step.handler(signIn::question));
    form(router, SignInPages.ACCOUNT, signIn::decide);
    form(router, "/sign-out", signIn::signOut);
    router.get(ConnectPages.PATH).handler(step.handler(connect::choose));
    form(router, ConnectPages.PATH, connect::connect);
    router.get("/repositories/:id").handler(step.handler(homes::repository));
    form(router, "/repositories/:id/disconnect", homes::disconnect);
    form(router, "/repositories/:id/credential/try", homes::tryAgain);
    form(router, CredentialNotices.TRY_OWN, homes::tryOwn);
    router.get("/events").handler(BlockingHandler.handler(live::stream));
    router.route().handler(step.handler(context -> notFound()));
    router.route().failureHandler(refused());
  }

  private void form(Router router, String path, BlockingHandler.Step answer) {
    router
        .post(path)
        .handler(BodyHandler.create(false).setBodyLimit(LONGEST_FORM))
        .handler(step.handler(answer));
  }

  private static void notFound() {
    throw new Problem(404, "Not found", "There is no page at this address.");
  }

  private Handler<RoutingContext> refused() {
    Handler<RoutingContext> page =
        step.handler(
            context -> {
              throw context.statusCode() == 413
                  ? new Problem(413, "Too large", "The form is larger than Cinch takes.")
                  : new Problem(500, "Internal error", "Cinch could not do this.");
            });
    return context -> {
      if (!context.response().headWritten()) {
        page.handle(context);
      }
    };
  }
}
