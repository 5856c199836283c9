package sh.cinch.simulator.store;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import sh.cinch.simulator.world.Download;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.World;

/**
 * The other host that downloads lead to: it knows no token, and refuses who shows one beside the
 * link's signature, as storage behind pre-signed links does.
 */
public final class ContentHost {
  private static final String ADDRESS = "127.0.0.1";

  private final World world;
  private final ContentStore store;
  private final SignedLinks links = new SignedLinks();
  private final HttpServer server;

  private ContentHost(Vertx vertx, World world, ContentStore store) {
    this.world = world;
    this.store = store;
    Router router = Router.router(vertx);
    router.route(HttpMethod.GET, "/:repository/:name").handler(this::serve);
    this.server =
        vertx
            .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
            .requestHandler(router);
  }

  /** Listens on a port of its own. */
  public static ContentHost start(Vertx vertx, World world, ContentStore store) {
    var host = new ContentHost(vertx, world, store);
    host.server.listen(0, ADDRESS).await();
    return host;
  }

  /** Where the bytes are. */
  public String link(Repository repository, Download download) {
    return "http://%s:%d%s"
        .formatted(
            ADDRESS,
            server.actualPort(),
            links.sign(bare(repository.uuid()), download.name(), world.now()));
  }

  private void serve(RoutingContext context) {
    var request = context.request();
    String repository = Objects.requireNonNull(context.pathParam("repository"));
    String name = Objects.requireNonNull(context.pathParam("name"));
    if (request.headers().contains("Authorization")) {
      refuse(context, 400, "InvalidArgument", "Only one auth mechanism allowed");
    } else if (!links.isValid(
        repository,
        name,
        Objects.requireNonNullElse(request.getParam("Expires"), ""),
        Objects.requireNonNullElse(request.getParam("Signature"), ""),
        world.now())) {
      refuse(context, 403, "AccessDenied", "Request has expired, or its signature is wrong");
    } else {
      open(repository, name)
          .ifPresentOrElse(
              content -> send(context.response(), name, content),
              () -> refuse(context, 404, "NoSuchKey", "The specified key does not exist."));
    }
  }

  /** Under the lock: once it is open, it may be replaced. */
  private Optional<FileChannel> open(String repository, String name) {
    return world.ask(
        state ->
            state
                .repositoryByUuid("{" + repository + "}")
                .flatMap(found -> found.download(name))
                .flatMap(download -> store.open(download.content())));
  }

  private static void send(HttpServerResponse response, String name, FileChannel content) {
    String file = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    response
        .putHeader("Content-Type", "application/octet-stream")
        .putHeader("Content-Disposition", "attachment; filename*=UTF-8''" + file)
        .sendFile(content)
        .onComplete(sent -> close(content));
  }

  private static void close(FileChannel content) {
    try {
      content.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refuse(RoutingContext context, int status, String code, String message) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/xml")
        .end("<Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, message));
  }

  private static String bare(String uuid) {
    return uuid.substring(1, uuid.length() - 1);
  }
}
