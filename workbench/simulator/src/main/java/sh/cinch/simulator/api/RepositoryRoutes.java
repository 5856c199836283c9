package sh.cinch.simulator.api;

import static io.vertx.core.http.HttpMethod.GET;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Permission;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.Workspace;

/** Repositories, singly and by workspace. */
final class RepositoryRoutes {
  private static final Map<String, Permission> ROLES =
      Map.of(
          "member", Permission.READ,
          "contributor", Permission.WRITE,
          "admin", Permission.ADMIN);

  private RepositoryRoutes() {}

  static void addTo(Api api) {
    api.on(GET, "/repositories/:workspace", Required.REPOSITORY, RepositoryRoutes::list);
    api.onRepository(GET, "", Required.REPOSITORY, RepositoryRoutes::show);
  }

  private static Reply show(Visit visit, Repository repository) {
    return Reply.json(200, visit.views().repositories().full(repository));
  }

  private static Reply list(Visit visit) {
    String name = visit.call().at("workspace");
    Optional<Workspace> workspace = visit.state().workspace(name);
    if (workspace.isEmpty()) {
      return ApiError.notFound("No workspace with identifier '%s'.".formatted(name));
    }
    Optional<String> role = visit.call().query("role");
    if (role.isPresent() && !ROLES.containsKey(role.get())) {
      return ApiError.of(400, "role: must be one of admin, contributor, member");
    }
    Predicate<Repository> wanted =
        role.map(ROLES::get)
            .<Predicate<Repository>>map(
                permission -> repository -> visit.account().may(permission, repository))
            .orElse(visit.account()::maySee);
    return Listing.of(
        visit,
        visit.state().repositories(workspace.get()).stream().filter(wanted).toList(),
        visit.views().repositories()::full);
  }
}
