package sh.cinch.simulator.api;

import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Form;
import sh.cinch.simulator.http.Receiving;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.http.Routes;
import sh.cinch.simulator.store.ContentStore;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.World;

/** Puts resources behind the gate: a resource sees only who was let in. */
final class Api {
  static final String ROOT = "/2.0";
  private static final String REPOSITORY = "/repositories/:workspace/:repo";
  private static final String NAME_IN_PATH = "(?<=^/2\\.0/repositories/)[^/]+/[^/]+";

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
    on(method, REPOSITORY + path, scopes, visit -> inRepository(visit, resource));
  }

  /** The same for one that takes files. */
  void onRepository(String path, Required scopes, ContentStore store, Uploading resource) {
    routes.receive(
        HttpMethod.POST,
        ROOT + REPOSITORY + path,
        store,
        new Receiving() {
          @Override
          public long mostBytes() {
            return world.ask(state -> state.settings().largestUpload());
          }

          @Override
          public Reply answer(Call call, Form form) {
            // what stands before the API refuses such a body, and knows no token
            return form instanceof Form.TooLarge
                ? ApiError.tooLarge()
                : world.change(
                    state ->
                        pass(
                            state,
                            call,
                            scopes,
                            visit ->
                                inRepository(
                                    visit, (in, found) -> resource.take(in, found, form))));
          }
        });
  }

  /** What takes files. */
  interface Uploading {
    Reply take(Visit visit, Repository repository, Form form);
  }

  private static Reply inRepository(Visit visit, BiFunction<Visit, Repository, Reply> resource) {
    String workspace = visit.call().at("workspace");
    String name = visit.call().at("repo");
    Predicate<Repository> isSeen = visit.account()::maySee;
    Optional<Repository> found = visit.state().repository(workspace, name).filter(isSeen);
    return found.isPresent()
        ? resource.apply(visit, found.get())
        : visit
            .state()
            .moved(workspace, name)
            .filter(isSeen)
            .map(repository -> moved(visit.call(), repository))
            .orElseGet(() -> ApiError.noRepository(workspace, name));
  }

  private static Reply moved(Call call, Repository to) {
    return Reply.moved(
        call.address(call.path().replaceFirst(NAME_IN_PATH, to.fullName()), call.query()));
  }

  private Reply pass(State state, Call call, Required scopes, Function<Visit, Reply> resource) {
    return switch (gate.enter(state, call, scopes, world.now())) {
      case Gate.Passage.Shut(Reply reply) -> reply;
      case Gate.Passage.Open(Visit visit, var headers) -> resource.apply(visit).with(headers);
    };
  }
}
