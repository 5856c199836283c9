package sh.cinch.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import sh.cinch.simulator.api.ApiRoutes;
import sh.cinch.simulator.control.ControlRoutes;
import sh.cinch.simulator.delivery.Deliverer;
import sh.cinch.simulator.fault.Faults;
import sh.cinch.simulator.git.GitRepositories;
import sh.cinch.simulator.git.GitRoutes;
import sh.cinch.simulator.http.RequestLog;
import sh.cinch.simulator.http.Routes;
import sh.cinch.simulator.oauth.OAuthClient;
import sh.cinch.simulator.oauth.OAuthRoutes;
import sh.cinch.simulator.oauth.RefreshLog;
import sh.cinch.simulator.pages.PageRoutes;
import sh.cinch.simulator.store.ContentHost;
import sh.cinch.simulator.store.ContentStore;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Download;
import sh.cinch.simulator.world.Issued;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.World;

/**
 * A Bitbucket Cloud on localhost: site, API and control on one port, open to this machine only
 * where nothing else is said. For tests and for trying things out; none of its secrets protect
 * anything.
 */
public final class Simulator implements AutoCloseable {
  private static final int LONGEST_HEADERS = 64 * 1024;

  private final Vertx vertx;
  private final World world;
  private final RefreshLog refreshes;
  private final HttpServer server;
  private final ContentStore store;
  private final GitRepositories git;

  private Simulator(
      Vertx vertx,
      World world,
      ContentStore store,
      GitRepositories git,
      RefreshLog refreshes,
      HttpServer server) {
    this.vertx = vertx;
    this.world = world;
    this.store = store;
    this.git = git;
    this.refreshes = refreshes;
    this.server = server;
  }

  /**
   * Starts one, and returns once it listens.
   *
   * @throws IllegalStateException where the port is taken or the state file is not one
   */
  public static Simulator start(SimulatorConfig config) {
    return start(config, InstantSource.system());
  }

  /** The same by another clock, for whoever cannot wait until a token expires. */
  public static Simulator start(SimulatorConfig config, InstantSource clock) {
    World world =
        config
            .stateFile()
            .map(file -> World.keptIn(file, clock))
            .orElseGet(() -> World.inMemory(clock));
    ContentStore store = store(config.stateFile(), world);
    GitRepositories git =
        config
            .stateFile()
            .map(file -> file.resolveSibling(file.getFileName() + ".git"))
            .map(GitRepositories::in)
            .orElseGet(GitRepositories::temporary);
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    var refreshes = new RefreshLog();
    try {
      Router router = router(vertx, world, store, git, config, clock, refreshes);
      HttpServer server = listen(vertx, router, config.host(), config.port());
      return new Simulator(vertx, world, store, git, refreshes, server);
    } catch (RuntimeException failed) {
      vertx.close().await();
      world.close();
      store.close();
      git.close();
      throw failed;
    }
  }

  /** Beside the state; what only one of the two knows is gone. */
  private static ContentStore store(Optional<Path> stateFile, World world) {
    ContentStore store =
        stateFile
            .map(file -> file.resolveSibling(file.getFileName() + ".downloads"))
            .map(ContentStore::in)
            .orElseGet(ContentStore::temporary);
    store.keepOnly(world.change(state -> state.contents(store::has)));
    return store;
  }

  private static Router router(
      Vertx vertx,
      World world,
      ContentStore store,
      GitRepositories git,
      SimulatorConfig config,
      InstantSource clock,
      RefreshLog refreshes) {
    var faults = new Faults(clock);
    var requests =
        new RequestLog(
            call ->
                ApiRoutes.caller(world, call)
                    .map(Account::nickname)
                    .or(() -> OAuthRoutes.client(call))
                    .orElse("anonymous"));
    var deliverer = new Deliverer(vertx, world, Deliverer.TIMEOUT);
    var client =
        new OAuthClient(
            config.clientId(), config.clientSecret(), config.callback(), config.scopes());
    Router router = Router.router(vertx);
    var routes = new Routes(vertx, router, refreshes.around(faults), requests);
    OAuthRoutes.addTo(routes, world, client, refreshes);
    var host = ContentHost.start(vertx, world, store);
    ApiRoutes.addTo(routes, world, store, host);
    ControlRoutes.addTo(
        routes, world, git, client, deliverer, faults, new ControlRoutes.Logs(requests, refreshes));
    GitRoutes.addTo(routes, world, git, deliverer);
    PageRoutes.addTo(routes, world, deliverer, host);
    return router;
  }

  private static HttpServer listen(Vertx vertx, Router router, String host, int port) {
    var options =
        new HttpServerOptions()
            .setHost(host)
            .setPort(port)
            .setAcceptBacklog(4096)
            // over HTTP/2 a connection cut for one call would take others with it
            .setHttp2ClearTextEnabled(false)
            .setMaxHeaderSize(LONGEST_HEADERS)
            .setMaxInitialLineLength(LONGEST_HEADERS)
            .setHandle100ContinueAutomatically(true);
    try {
      return vertx.createHttpServer(options).requestHandler(router).listen().await();
    } catch (Exception e) {
      throw e instanceof BindException
          ? new IllegalStateException(
              "port %d is taken; choose another with CINCH_PORT".formatted(port), e)
          : new IllegalStateException(
              "cannot listen on %s, port %d: %s".formatted(host, port, e.getMessage()), e);
    }
  }

  /** Where it is: {@code http://localhost:PORT}. */
  public URI url() {
    return URI.create("http://localhost:" + port());
  }

  public int port() {
    return server.actualPort();
  }

  /**
   * Every secret that was handed out since the start: codes and tokens, also those that nothing
   * takes any more.
   */
  public List<String> issued() {
    return world.ask(state -> state.credentials().issued()).stream().map(Issued::value).toList();
  }

  /** What refreshing came to since the start. */
  public RefreshLog.Summary refreshes() {
    return refreshes.summary();
  }

  /** The downloads of a repository; none where there is no such repository. */
  public List<Download> downloads(String workspace, String slug) {
    return world.ask(
        state -> state.repository(workspace, slug).map(Repository::downloads).orElseGet(List::of));
  }

  /** Stops listening; what is configured to survive is saved. */
  @Override
  public void close() {
    server.close().await();
    vertx.close().await();
    world.close();
    store.close();
    git.close();
  }
}
