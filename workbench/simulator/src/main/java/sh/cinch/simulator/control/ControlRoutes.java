package sh.cinch.simulator.control;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.vertx.core.http.HttpMethod;
import sh.cinch.simulator.delivery.Deliverer;
import sh.cinch.simulator.fault.Faults;
import sh.cinch.simulator.git.GitRepositories;
import sh.cinch.simulator.http.Answering;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.http.RequestLog;
import sh.cinch.simulator.http.Routes;
import sh.cinch.simulator.oauth.OAuthClient;
import sh.cinch.simulator.oauth.RefreshLog;
import sh.cinch.simulator.world.World;

/** All of {@code /_simulator}. */
public final class ControlRoutes {
  private static final String REPOSITORY = "/repositories/:workspace/:slug";

  private ControlRoutes() {}

  /** What was seen of the requests that came. */
  public record Logs(RequestLog requests, RefreshLog refreshes) {}

  public static void addTo(
      Routes routes,
      World world,
      GitRepositories git,
      OAuthClient client,
      Deliverer deliverer,
      Faults faults,
      Logs logs) {
    var repositories = new RepositoryControl(world, git);
    on(routes, PUT, REPOSITORY, repositories::put);
    on(routes, POST, REPOSITORY + "/rename", repositories::rename);
    on(routes, PUT, REPOSITORY + "/members", repositories::member);
    on(routes, POST, REPOSITORY + "/tokens", repositories::token);
    on(routes, DELETE, REPOSITORY + "/tokens", repositories::revokeTokens);
    var hooks = new HookControl(world);
    on(routes, POST, REPOSITORY + "/hooks", hooks::add);
    on(routes, PUT, REPOSITORY + "/hooks/:uuid", hooks::change);
    on(routes, DELETE, REPOSITORY + "/hooks/:uuid", hooks::remove);
    on(routes, GET, REPOSITORY + "/statuses", new StatusControl(world)::show);
    on(routes, GET, REPOSITORY + "/downloads", new DownloadControl(world)::show);
    var pushes = new PushControl(world, git, deliverer);
    on(routes, POST, REPOSITORY + "/push", pushes::push);
    on(routes, POST, REPOSITORY + "/deliver", pushes::deliver);
    var users = new UserControl(world);
    on(routes, PUT, "/users/:nickname", users::put);
    on(routes, POST, "/users/:nickname/tokens", users::token);
    on(routes, POST, "/settings", new SettingsControl(world)::change);
    var faultControl = new FaultControl(faults, world);
    on(routes, POST, "/faults", faultControl::add);
    on(routes, GET, "/faults", faultControl::show);
    on(routes, DELETE, "/faults", faultControl::clear);
    on(routes, POST, "/grants", new GrantControl(world, client)::grant);
    on(routes, GET, "/issued", new IssuedControl(world)::show);
    on(routes, GET, "/requests", new RequestControl(logs.requests())::show);
    on(routes, GET, "/refreshes", new RefreshControl(logs.refreshes())::show);
    routes.serve(
        "/_simulator/*",
        call ->
            Reply.text(404, "There is no control %s %s%n".formatted(call.method(), call.path())));
  }

  private static void on(Routes routes, HttpMethod method, String path, Answering control) {
    routes.serve(
        method,
        "/_simulator" + path,
        call -> {
          try {
            return control.answer(call);
          } catch (BadInput bad) {
            return Reply.text(400, bad.getMessage() + "\n");
          }
        });
  }
}
