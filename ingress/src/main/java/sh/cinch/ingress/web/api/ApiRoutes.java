package sh.cinch.ingress.web.api;

import static java.util.Map.entry;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import sh.cinch.ingress.artifacts.Artifacts;
import sh.cinch.ingress.artifacts.release.ReleaseChecks;
import sh.cinch.ingress.connecting.Connecting;
import sh.cinch.ingress.git.GitEntry;
import sh.cinch.ingress.pushes.Pushes;
import sh.cinch.ingress.readmodel.ReadModel;
import sh.cinch.ingress.reconciler.LastLooks;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.ingress.web.access.Right;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.ingress.web.access.RightsTable;
import sh.cinch.ingress.webhooks.OwnDeliveries;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.BodyStep;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;

/** All of {@code /api/v1}: the OpenAPI document decides what is a request, and who answers it. */
public final class ApiRoutes {

  static final String PREFIX = "/api/v1";
  private static final String DOCUMENT = "openapi.json";
  static final String UPLOADS = "/artifacts";

  /** A call that waits holds its connection: others must have theirs. */
  private static final int PART_FOR_WAITING = 4;

  private static final int PIECE = 16 * 1024;
  private static final List<String> EVENTS = List.of("BuildState", "ReleaseRequest");

  private final Vertx vertx;
  private final URI baseUrl;
  private final Callers callers;
  private final Rights rights;
  private final Map<String, ApiOperation> operations;
  private final ArtifactUploads uploads;
  private final BodyStep body;

  /**
   * @param operatorToken one that works from the start, from the settings
   */
  public ApiRoutes(
      ServiceContext context,
      HttpBounds bounds,
      URI baseUrl,
      Optional<Secret> operatorToken,
      Connecting connecting,
      OwnDeliveries deliveries,
      Artifacts artifacts,
      ReleaseChecks checks,
      ReadModel readModel,
      Pushes pushes,
      Producer<byte[], byte[]> producer) {
    this.vertx = context.vertx();
    this.baseUrl = baseUrl;
    var tokens = new ApiTokens(context.database(), context.clock());
    this.callers = new Callers(tokens, connecting.signedIn(), operatorToken);
    this.rights = new Rights(connecting.connections(), connecting.access());
    var repositories =
        new RepositoryOperations(
            rights,
            connecting.connections(),
            connecting.hooks(),
            connecting.urls(),
            connecting.credentials(),
            connecting.credentialStates(),
            connecting.connector(),
            connecting.disconnector(),
            connecting.webhookUuids(),
            connecting.attention(),
            new LastLooks(context.database()),
            context.clock());
    var sending = new Sending(producer);
    var builds = new BuildStateOperations(rights, sending, context.clock());
    var releases =
        new ReleaseOperations(
            rights,
            connecting.connections(),
            checks,
            readModel.releases(),
            readModel.recorder(),
            sending,
            context.database(),
            context.clock());
    var history =
        new DeliveryOperations(
            rights,
            deliveries,
            connecting.hooks(),
            connecting.defaultBranch(),
            readModel.projections(),
            readModel.releases());
    var deadLetters =
        new DeadLetterOperations(
            connecting.connections(),
            readModel.deadLetters(),
            readModel.deadRecords(),
            readModel.replay(),
            context.clock());
    var pushed =
        new PushOperations(
            rights, callers, pushes, new OpenCalls(bounds.connections().most() / PART_FOR_WAITING));
    var apiTokens = new TokenOperations(rights, tokens);
    var files = new ArtifactOperations(rights, artifacts);
    this.uploads =
        new ArtifactUploads(callers, rights, artifacts, bounds, context.metrics(), vertx);
    this.body =
        new BodyStep(
            vertx,
            bounds,
            RequestLimits.API_BODY,
            BodyStep.WITHIN,
            call -> Optional.of(Authentication.sender(call)));
    this.operations =
        Map.ofEntries(
            entry("listRepositories", repositories::list),
            entry("connectRepository", repositories::connect),
            entry("getRepository", repositories::show),
            entry("disconnectRepository", repositories::disconnect),
            entry("tryCredential", repositories::tryCredential),
            entry("newWebhookSecret", repositories::newSecret),
            entry("removeWebhookUuid", repositories::removeUuid),
            entry("reportBuildState", builds::report),
            entry("listDeliveries", history::ofRepository),
            entry("findDeliveries", history::find),
            entry("getDelivery", history::show),
            entry("getDeliveryBody", history::body),
            entry("replayDelivery", history::replay),
            entry("simulatePush", history::simulate),
            entry("listStatuses", history::statuses),
            entry("createRelease", releases::create),
            entry("getRelease", releases::show),
            entry("listReleases", releases::list),
            entry("getArtifact", files::show),
            entry("listDeadLetters", deadLetters::list),
            entry("getDeadLetter", deadLetters::show),
            entry("replayDeadLetter", deadLetters::replay),
            entry("replayDeadLetters", deadLetters::replayMany),
            entry("dropDeadLetter", deadLetters::drop),
            entry("dropDeadLetters", deadLetters::dropMany),
            entry("readPushes", pushed::read),
            entry("listTokens", apiTokens::list),
            entry("createToken", apiTokens::make),
            entry("revokeToken", apiTokens::revoke));
  }

  /**
   * @throws IllegalStateException where the document has an operation that nobody answers
   */
  public void mount(Router router) {
    JsonObject document = vertx.fileSystem().readFile(DOCUMENT).await().toJsonObject();
    OpenAPIContract contract = OpenAPIContract.from(vertx, routable(document)).await();
    RouterBuilder builder =
        RouterBuilder.create(vertx, contract, RequestExtractor.withBodyHandler());
    builder.rootHandler(new Authentication(callers));
    builder.rootHandler(body);
    for (OpenAPIRoute route : builder.getRoutes()) {
      String id = route.getOperation().getOperationId();
      ApiOperation operation =
          Optional.ofNullable(operations.get(id))
              .orElseThrow(() -> new IllegalStateException("nobody answers " + id));
      Right right =
          right(route.getOperation().getHttpMethod().name(), route.getOperation().getOpenAPIPath());
      boolean takesBody = route.getOperation().getRequestBody() != null;
      route.addHandler(
          BlockingHandler.handler(context -> answer(operation, right, context, takesBody)));
    }
    router.route(PREFIX + "/*").handler(ApiRoutes::challenge);
    serveDocument(router, document);
    TopicContract.read().mount(router);
    router.put(PREFIX + UPLOADS).handler(uploads); // before what reads bodies
    router.route(PREFIX + "/*").subRouter(builder.createRouter());
    router.route(PREFIX + "/*").handler(OtherMethods.of(document));
    router.route(PREFIX + "/*").failureHandler(new Failures());
  }

  /** Who may read the git address. */
  public GitEntry git() {
    return new GitCallers(callers, rights);
  }

  /**
   * The document without what the router would have to be taught: who calls is found out before,
   * for tokens and sessions alike, problem documents are a media type it does not know, uploads are
   * not for it, and what becomes an event is checked by the event's record, which says in better
   * words what is wrong.
   */
  private static JsonObject routable(JsonObject document) {
    JsonObject routable =
        new JsonObject(document.encode().replace(Problem.MEDIA_TYPE, "application/json"));
    routable.remove("security");
    routable.getJsonObject("paths").getJsonObject(UPLOADS).remove("put");
    JsonObject schemas = routable.getJsonObject("components").getJsonObject("schemas");
    EVENTS.forEach(name -> schemas.put(name, new JsonObject().put("type", "object")));
    return routable;
  }

  /** Whoever is told that they are nobody is told, too, how to be somebody. */
  private static void challenge(RoutingContext context) {
    HttpServerResponse response = context.response();
    context.addHeadersEndHandler(
        unused -> {
          if (response.getStatusCode() == 401) {
            response.putHeader("www-authenticate", "Bearer");
          }
        });
    context.next();
  }

  private void serveDocument(Router router, JsonObject document) {
    document.getJsonArray("servers").getJsonObject(0).put("url", baseUrl + PREFIX);
    Buffer text = Buffer.buffer(document.encodePrettily());
    router
        .get(PREFIX + "/" + DOCUMENT)
        .handler(
            context -> {
              HttpServerResponse response =
                  context
                      .response()
                      .putHeader("content-type", "application/json")
                      .putHeader("content-length", String.valueOf(text.length()));
              send(response, text, 0);
            });
  }

  /** Everybody may ask for it, and need not take it: no more of it waits than a piece. */
  static void send(HttpServerResponse response, Buffer text, int from) {
    int to = Math.min(from + PIECE, text.length());
    Buffer piece = text.slice(from, to);
    if (to == text.length()) {
      response.end(piece);
    } else {
      response.write(piece).onSuccess(taken -> send(response, text, to));
    }
  }

  /**
   * @param path as the document has it
   */
  static Right right(String method, String path) {
    return RightsTable.of(method, PREFIX + path);
  }

  private void answer(
      ApiOperation operation, Right right, RoutingContext context, boolean takesBody) {
    Caller caller = Objects.requireNonNull(context.get(Authentication.CALLER));
    rights.check(caller, right);
    ApiCall call = new ApiCall(caller, right, context, takesBody);
    WholeTexts.check(call);
    operation.answer(call).send(context.response());
  }
}
