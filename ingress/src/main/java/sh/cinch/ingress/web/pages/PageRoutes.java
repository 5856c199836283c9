package sh.cinch.ingress.web.pages;

import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.net.URI;
import java.util.Optional;
import sh.cinch.forge.Site;
import sh.cinch.ingress.connecting.Connecting;
import sh.cinch.ingress.connecting.session.Session;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.ingress.readmodel.ReadModel;
import sh.cinch.ingress.reconciler.LastLooks;
import sh.cinch.ingress.web.access.Right;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.ingress.web.access.RightsTable;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.Unforeseen;

/** All pages, the forms on them, and what they are made with. */
public final class PageRoutes {

  /** A live page holds its connection: others must have theirs. */
  private static final int PART_FOR_LIVE_PAGES = 4;

  private static final long STYLE_KEPT_SECONDS = 600;
  private static final String REPOSITORY = "/repositories/{id}";

  private final Html html = new Html();
  private final SignedIn signedIn;
  private final PageStep step;
  private final HomePages homes;
  private final SignInPages signIn;
  private final ConnectPages connect;
  private final LiveStream live;
  private final FormStep form;

  /**
   * @param site where people consent
   * @param clientId of the OAuth client that the operator registered there
   */
  public PageRoutes(
      ServiceContext context,
      HttpBounds bounds,
      URI baseUrl,
      Site site,
      String clientId,
      Connecting connecting,
      ReadModel readModel) {
    var vertx = context.vertx();
    this.signedIn = connecting.signedIn();
    var rights = new Rights(connecting.connections(), connecting.access());
    var notices = new CredentialNotices(connecting.credentialStates());
    this.step = new PageStep(html, signedIn, notices);
    this.homes =
        new HomePages(
            html,
            signedIn,
            rights,
            connecting.access(),
            connecting.connections(),
            connecting.hooks(),
            connecting.webhookUuids(),
            connecting.attention(),
            new Deliveries(context.database()),
            context.clock(),
            connecting.disconnector(),
            connecting.credentials(),
            readModel.projections(),
            readModel.releases(),
            new LastLooks(context.database()),
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
            bounds.proxies(),
            baseUrl);
    this.connect =
        new ConnectPages(
            html,
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
    this.form = new FormStep(vertx, bounds, signedIn);
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
    page(router, SignInPages.ACCOUNT, signIn::question);
    form(router, SignInPages.ACCOUNT, signIn::decide);
    form(router, "/sign-out", signIn::signOut);
    page(router, ConnectPages.PATH, connect::choose);
    form(router, ConnectPages.PATH, connect::connect);
    page(router, REPOSITORY, homes::repository);
    form(router, REPOSITORY + "/disconnect", homes::disconnect);
    form(router, REPOSITORY + "/credential/try", homes::tryAgain);
    form(router, REPOSITORY + "/webhook/uuid/remove", homes::removeUuid);
    form(router, CredentialNotices.TRY_OWN, homes::tryOwn);
    router.get("/events").handler(BlockingHandler.handler(live::stream));
    router.route().handler(step.handler(context -> notFound()));
    router.route().failureHandler(refused());
  }

  /** For a person who is signed in; others are led to where they can. */
  private void page(Router router, String path, PageCall.Step answer) {
    Right right = RightsTable.of("GET", path);
    router
        .get(routed(path))
        .handler(
            step.handler(
                context -> {
                  Optional<Session> session = signedIn.find(context);
                  if (session.isEmpty()) {
                    Html.redirect(context.response(), "/");
                  } else {
                    answer.answer(new PageCall(session.get(), right, context));
                  }
                }));
  }

  /** Of a page of this session, and of no other site. */
  private void form(Router router, String path, PageCall.Step answer) {
    Right right = RightsTable.of("POST", path);
    router
        .post(routed(path))
        .handler(form)
        .handler(FormStep::fields)
        .handler(
            step.handler(
                context -> {
                  Session session = signedIn.find(context).orElseThrow(PageRoutes::signedOut);
                  SignedIn.checkForm(
                      session, context.request().getFormAttribute(SignedIn.FORM_FIELD));
                  answer.answer(new PageCall(session, right, context));
                }));
  }

  private static String routed(String path) {
    return path.replace("{id}", ":id");
  }

  private static Problem signedOut() {
    return new Problem(401, "Signed out", "You are not signed in any more. Add Bitbucket again.");
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
                  : Unforeseen.problem(context, context.failure());
            });
    return context -> {
      if (!context.response().headWritten()) {
        page.handle(context);
      }
    };
  }
}
