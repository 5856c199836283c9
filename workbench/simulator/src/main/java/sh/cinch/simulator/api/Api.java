package sh.cinch.simulator.api;

import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.http.Routes;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.World;

/** Puts resources behind the gate: a resource sees only who was let in. */
final class Api {
  static final String ROOT = "/2.0";
  private static final String REPOSITORY = "/repositories/:workspace/:repo";

  private final Routes routes;
  private final World world;
  private final Gate gate = new Gate();

  Api(Routes routes, World world) {
    this.routes = routes;
    this.world = world;
  }

  /** A resource for whoever holds those scopes. */
  void on(HttpMethod method, String path, Required scopes, Function<Visit, Reply> resource) {
    routes.imitate(
        method,
        ROOT + path,
        call ->
            method.equals(HttpMethod.GET)
                ? world.ask(state -> pass(state, call, scopes, resource))
                : world.change(state -> pass(state, call, scopes, resource)));
  }

  /** A resource of a repository that the caller may see; others have no such repository. */
  void onRepository(
      HttpMethod method,
      String path,
      Required scopes,
      BiFunction<Visit, Repository, Reply> resource) {
    on(
        method,
        REPOSITORY + path,
        scopes,
        visit -> {
          String workspace = visit.call().at("workspace");
          String name = visit.call().at("repo");
          Optional<Repository> found =
              visit.state().repository(workspace, name).filter(visit.account()::maySee);
          return found.isPresent()
              ? resource.apply(visit, found.get())
              : ApiError.noRepository(workspace, name);
        });
  }

  private Reply pass(State state, Call call, Required scopes, Function<Visit, Reply> resource) {
    return switch (gate.enter(state, call, scopes, world.now())) {
      case Gate.Passage.Shut(Reply reply) -> reply;
      case Gate.Passage.Open(Visit visit, var headers) -> resource.apply(visit).with(headers);
    };
  }
}
