package sh.cinch.simulator.api;

import static io.vertx.core.http.HttpMethod.GET;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Permission;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.Workspace;

/** Who the caller is and where they may go. */
final class UserRoutes {
  private static final Required USER =
      new Required(List.of("account"), List.of("read:user:bitbucket"));
  private static final Required WORKSPACES =
      new Required(List.of("account"), List.of("read:workspace:bitbucket"));
  private static final Required REPOSITORIES =
      new Required(List.of("account", "repository"), List.of("read:repository:bitbucket"));

  private UserRoutes() {}

  static void addTo(Api api) {
    api.on(GET, "/user", USER, UserRoutes::user);
    api.on(GET, "/user/workspaces", WORKSPACES, UserRoutes::workspaces);
    api.on(GET, "/user/workspaces/:workspace/permission", WORKSPACES, UserRoutes::permission);
    api.on(
        GET,
        "/user/workspaces/:workspace/permissions/repositories",
        REPOSITORIES,
        UserRoutes::repositoryPermissions);
  }

  private static Reply user(Visit visit) {
    return Reply.json(200, visit.views().accounts().show(visit.account()));
  }

  private static Reply workspaces(Visit visit) {
    Optional<Boolean> wanted = visit.call().query("administrator").map(Boolean::valueOf);
    List<Workspace> own =
        visit.state().workspaces().stream()
            .filter(workspace -> isMember(visit, workspace))
            .filter(workspace -> wanted.map(only -> only == isOwner(visit)).orElse(true))
            .toList();
    return Listing.of(
        visit,
        own,
        workspace -> {
          ObjectNode node =
              Json.object().put("type", "workspace_access").put("administrator", isOwner(visit));
          node.set("workspace", visit.views().repositories().workspaceBase(workspace));
          return node;
        });
  }

  private static Reply permission(Visit visit) {
    return ownWorkspace(visit)
        .map(
            workspace -> {
              ObjectNode node =
                  Json.object()
                      .put("type", "workspace_membership")
                      .put("permission", isOwner(visit) ? "owner" : "member");
              node.set("user", visit.views().accounts().show(visit.account()));
              node.set("workspace", visit.views().repositories().workspaceBase(workspace));
              return Reply.json(200, node);
            })
        .orElseGet(() -> noWorkspace(visit));
  }

  private static Reply repositoryPermissions(Visit visit) {
    return ownWorkspace(visit)
        .map(
            workspace ->
                Listing.of(
                    visit,
                    visit.state().repositories(workspace).stream()
                        .filter(repository -> visit.account().may(Permission.READ, repository))
                        .toList(),
                    repository -> repositoryPermission(visit, repository)))
        .orElseGet(() -> noWorkspace(visit));
  }

  private static ObjectNode repositoryPermission(Visit visit, Repository repository) {
    Permission permission = visit.account().permission(repository).orElseThrow();
    ObjectNode node =
        Json.object().put("type", "repository_permission").put("permission", permission.word());
    node.set("user", visit.views().accounts().show(visit.account()));
    node.set("repository", visit.views().repositories().brief(repository));
    return node;
  }

  private static Optional<Workspace> ownWorkspace(Visit visit) {
    return visit
        .state()
        .workspace(visit.call().at("workspace"))
        .filter(workspace -> isMember(visit, workspace));
  }

  private static Reply noWorkspace(Visit visit) {
    return ApiError.notFound(
        "No workspace with identifier '%s'.".formatted(visit.call().at("workspace")));
  }

  private static boolean isOwner(Visit visit) {
    return visit.account().administrator();
  }

  /** Whoever was granted anything in a workspace is one of its members. */
  private static boolean isMember(Visit visit, Workspace workspace) {
    return isOwner(visit)
        || visit.state().repositories(workspace).stream()
            .anyMatch(repository -> visit.account().may(Permission.READ, repository));
  }
}
