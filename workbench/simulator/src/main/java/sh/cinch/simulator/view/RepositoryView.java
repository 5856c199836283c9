package sh.cinch.simulator.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.Workspace;

/** Repositories and their workspaces. */
public final class RepositoryView {
  private final Views views;

  RepositoryView(Views views) {
    this.views = views;
  }

  /** As {@code GET /repositories/…} shows it. */
  public ObjectNode full(Repository repository) {
    ObjectNode node = inPayload(repository);
    node.put("slug", repository.slug())
        .put("language", "")
        .put("size", 1024L * repository.commits().size())
        .put("has_issues", false)
        .put("has_wiki", false)
        .put("fork_policy", "no_public_forks")
        .put("created_on", Times.micros(repository.identity().createdOn()))
        .put("updated_on", Times.micros(updatedOn(repository)))
        .put("description", "");
    repository
        .mainBranch()
        .ifPresentOrElse(
            branch ->
                node.putObject("mainbranch").put("type", "branch").put("name", branch.shortName()),
            () -> node.putNull("mainbranch"));
    ObjectNode links = (ObjectNode) node.get("links");
    for (String part : new String[] {"commits", "hooks", "downloads", "pullrequests"}) {
      Views.link(links, part, api(repository, "/" + part));
    }
    Views.link(links, "branches", api(repository, "/refs/branches"));
    Views.link(links, "tags", api(repository, "/refs/tags"));
    links
        .putArray("clone")
        .addObject()
        .put("name", "https")
        .put("href", views.site().page("/" + repository.fullName() + ".git"));
    return node;
  }

  /** As webhook bodies carry it. */
  public ObjectNode inPayload(Repository repository) {
    Workspace workspace = views.state().workspace(repository.workspace()).orElseThrow();
    ObjectNode node =
        brief(repository)
            .put("scm", "git")
            .put("is_private", repository.isPrivate())
            .put("website", "")
            .putNull("parent");
    node.set("owner", owner(workspace));
    node.set("workspace", workspace(workspace).put("name", workspace.name()));
    ObjectNode project =
        node.putObject("project")
            .put("type", "project")
            .put("key", workspace.slug().substring(0, 1).toUpperCase(Locale.ROOT) + "P")
            .put("uuid", repository.identity().projectUuid())
            .put("name", workspace.name() + " project");
    String key = project.get("key").asText();
    links(
        project,
        "/workspaces/%s/projects/%s".formatted(workspace.slug(), key),
        "/%s/workspace/projects/%s".formatted(workspace.slug(), key));
    return node;
  }

  /** As other things refer to it. */
  public ObjectNode brief(Repository repository) {
    ObjectNode node =
        Views.typed("repository")
            .put("uuid", repository.uuid())
            .put("full_name", repository.fullName())
            .put("name", repository.slug());
    ObjectNode links = node.putObject("links");
    Views.link(links, "self", api(repository, ""));
    Views.link(links, "html", views.site().page("/" + repository.fullName()));
    Views.link(links, "avatar", views.site().page("/ravatar/" + repository.slug()));
    return node;
  }

  /** The base form, which knows no name. */
  public ObjectNode workspaceBase(Workspace workspace) {
    return workspace(workspace).put("type", "workspace_base");
  }

  public ObjectNode workspace(Workspace workspace) {
    ObjectNode node =
        Views.typed("workspace").put("uuid", workspace.uuid()).put("slug", workspace.slug());
    links(node, "/workspaces/" + workspace.slug(), "/" + workspace.slug());
    return node;
  }

  private ObjectNode owner(Workspace workspace) {
    ObjectNode node =
        Views.typed("team")
            .put("uuid", workspace.uuid())
            .put("username", workspace.slug())
            .put("display_name", workspace.name());
    links(node, "/teams/" + workspace.slug(), "/" + workspace.slug());
    return node;
  }

  private void links(ObjectNode node, String api, String page) {
    ObjectNode links = node.putObject("links");
    Views.link(links, "self", views.site().api(api));
    Views.link(links, "html", views.site().page(page));
    Views.link(links, "avatar", views.site().page(page + "/avatar/"));
  }

  private Instant updatedOn(Repository repository) {
    return repository
        .pushedOn()
        .filter(pushed -> !views.state().settings().updatedOnStays())
        .orElse(repository.identity().createdOn());
  }

  private String api(Repository repository, String rest) {
    return views.site().api("/repositories/" + repository.fullName() + rest);
  }
}
