package sh.cinch.ingress.web.pages;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.net.URI;
import sh.cinch.forge.Site;
import sh.cinch.ingress.connecting.Connecting;
import sh.cinch.ingress.readmodel.ReadModel;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.http.Problem;

/** All pages, the forms on them, and what they are made with. */
public final class PageRoutes {

  /** A live page holds its connection: others must have theirs. */
  private static final int PART_FOR_LIVE_PAGES = 4;

  private static final long STYLE_KEPT_SECONDS = 600;

  private final Html html = new Html();
  private final PageStep step;
  private final HomePages homes;
  private final SignInPages signIn;
  private final ConnectPages connect;
  private final LiveStream live;
  private final FormStep form;
  private final FormStep formOfSignIn;

  /**
   * @param site where people consent
   * @param clientId of the OAuth client that the operator registered there
   */
  public PageRoutes(
      Vertx vertx,
      HttpBounds bounds,
      URI baseUrl,
      Site site,
      String clientId,
      Connecting connecting,
      ReadModel readModel) {
    var signedIn = connecting.signedIn();
    var notices = new CredentialNotices(connecting.credentialStates());
    this.step = new PageStep(html, signedIn, notices);
    this.homes =
        new HomePages(
            html,
            signedIn,
            connecting.access(),
            connecting.connections(),
            connecting.hooks(),
            connecting.disconnector(),
            connecting.credentials(),
            readModel.projections(),
            readModel.releases(),
            notices);
    this.signIn =
        new SignInPages(
            html,
            new ConsentUrl(
                vertx, site.pages(), clientId, URI.create(baseUrl + SignInPages.CALLBACK)),
            connecting.signIns(),
            connecting.sessions(),
            signedIn,
            connecting.credentials(),
            baseUrl);
    this.connect =
        new ConnectPages(
            html,
            signedIn,
            connecting.access(),
            connecting.connections(),
            connecting.credentials(),
            connecting.connector());
    this.live =
        new LiveStream(
            readModel.feed(),
            signedIn,
            connecting.connections(),
            connecting.access(),
            new OpenStreams(bounds.connections().most() / PART_FOR_LIVE_PAGES));
    this.form = new FormStep(vertx, bounds, signedIn, false);
    this.formOfSignIn = new FormStep(vertx, bounds, signedIn, true);
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
    form(router, SignInPages.ACCOUNT, formOfSignIn, signIn::decide);
    form(router, "/sign-out", form, signIn::signOut);
    router.get(ConnectPages.PATH).handler(step.handler(connect::choose));
    form(router, ConnectPages.PATH, form, connect::connect);
    router.get("/repositories/:id").handler(step.handler(homes::repository));
    form(router, "/repositories/:id/disconnect", form, homes::disconnect);
    form(router, "/repositories/:id/credential/try", form, homes::tryAgain);
    form(router, CredentialNotices.TRY_OWN, form, homes::tryOwn);
    router.get("/events").handler(BlockingHandler.handler(live::stream));
    router.route().handler(step.handler(context -> notFound()));
    router.route().failureHandler(refused());
  }

  private void form(Router router, String path, FormStep read, BlockingHandler.Step answer) {
    router.post(path).handler(read).handler(FormStep::fields).handler(step.handler(answer));
  }

  private static void notFound() {
    throw new Problem(404, "Not found", "There is no page at this address.");
  }

  private Handler<RoutingContext> refused() {
    Handler<RoutingContext> page =
        step.handler(
            context -> {
              throw context.failure() instanceof Problem said
                  ? said
                  : new Problem(500, "Internal error", "Cinch could not do this.");
            });
    return context -> {
      if (!context.response().headWritten()) {
        page.handle(context);
      }
    };
  }
}
