package sh.cinch.simulator.api;

import java.util.Optional;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Routes;
import sh.cinch.simulator.store.ContentHost;
import sh.cinch.simulator.store.ContentStore;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.World;

/** All of {@code /2.0}. */
public final class ApiRoutes {
  private ApiRoutes() {}

  public static void addTo(Routes routes, World world, ContentStore store, ContentHost host) {
    var api = new Api(routes, world);
    RemovedRoutes.addTo(routes);
    HookEventRoutes.addTo(routes);
    UserRoutes.addTo(api);
    RepositoryRoutes.addTo(api);
    HookRoutes.addTo(api);
    RefRoutes.addTo(api);
    CommitRoutes.addTo(api);
    StatusRoutes.addTo(api);
    new DownloadRoutes(store, host).addTo(api);
    routes.imitate(
        Api.ROOT + "/*", call -> ApiError.notFound("There is no API hosted at this URL"));
  }

  /** Whom a call speaks for, as far as its token tells. */
  public static Optional<Account> caller(World world, Call call) {
    return world.ask(
        state ->
            Gate.token(state, call)
                .or(() -> GitGate.token(state, call))
                .map(token -> state.account(token.account())));
  }
}
