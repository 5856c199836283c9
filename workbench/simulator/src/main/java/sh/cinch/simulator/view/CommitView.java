package sh.cinch.simulator.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Commit;
import sh.cinch.simulator.world.Repository;

/** Commits, from a mere reference to all that a webhook body carries along. */
public final class CommitView {
  private static final String[] RESOURCES = {"comments", "approve", "statuses"};

  private final Views views;

  CommitView(Views views) {
    this.views = views;
  }

  /** A hash and where to look it up. */
  public ObjectNode reference(Repository repository, String hash) {
    ObjectNode node = Views.typed("commit").put("hash", hash);
    ObjectNode links = node.putObject("links");
    Views.link(links, "self", api(repository, "/commit/" + hash));
    Views.link(links, "html", page(repository, "/commits/" + hash));
    return node;
  }

  /** As the target of a ref. */
  public ObjectNode target(Repository repository, Commit commit) {
    ObjectNode node = reference(repository, commit.hash());
    Account author = views.state().account(commit.author());
    ObjectNode authorNode = node.putObject("author").put("type", "author").put("raw", raw(author));
    authorNode.set("user", views.accounts().show(author));
    node.putObject("committer");
    node.put("date", Times.seconds(commit.date())).put("message", commit.message());
    node.putObject("summary")
        .put("type", "rendered")
        .put("raw", commit.message())
        .put("markup", "markdown")
        .put("html", "<p>" + escaped(commit.message()) + "</p>");
    ArrayNode parents = node.putArray("parents");
    commit.parent().ifPresent(parent -> parents.add(reference(repository, parent)));
    node.putObject("rendered");
    node.putObject("properties");
    return node;
  }

  /** As a push lists it and {@code GET …/commit/…} shows it. */
  public ObjectNode full(Repository repository, Commit commit) {
    ObjectNode node = target(repository, commit);
    ObjectNode links = (ObjectNode) node.get("links");
    for (String resource : RESOURCES) {
      Views.link(links, resource, api(repository, "/commit/" + commit.hash() + "/" + resource));
    }
    Views.link(links, "diff", api(repository, "/diff/" + commit.hash()));
    Views.link(links, "patch", api(repository, "/patch/" + commit.hash()));
    return node;
  }

  static String raw(Account author) {
    return "%s <%s@example.com>"
        .formatted(author.displayName(), author.nickname().toLowerCase(Locale.ROOT));
  }

  private static String escaped(String text) {
    return text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private String api(Repository repository, String rest) {
    return views.site().api("/repositories/" + repository.fullName() + rest);
  }

  private String page(Repository repository, String rest) {
    return views.site().page("/" + repository.fullName() + rest);
  }
}
