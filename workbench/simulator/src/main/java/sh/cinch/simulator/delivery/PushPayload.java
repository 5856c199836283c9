package sh.cinch.simulator.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Site;
import sh.cinch.simulator.view.Views;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Push;
import sh.cinch.simulator.world.Ref;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;

/** The body of {@code repo:push}, as bulky as Bitbucket's. */
public final class PushPayload {
  /** The event it is sent for. */
  public static final String EVENT = "repo:push";

  private final Views views;
  private final Site site;
  private final Repository repository;

  public PushPayload(State state, Site site, Repository repository) {
    this.views = new Views(state, site);
    this.site = site;
    this.repository = repository;
  }

  public Buffer compose(List<Push.Change> changes, Account actor) {
    ObjectNode body = Json.object();
    ArrayNode list = body.putObject("push").putArray("changes");
    changes.forEach(change -> list.add(show(change)));
    body.set("repository", views.repositories().inPayload(repository));
    body.set("actor", views.accounts().show(actor));
    return Buffer.buffer(Json.bytes(body));
  }

  private ObjectNode show(Push.Change change) {
    ObjectNode node = Json.object();
    node.set("old", ref(change.before()));
    node.set("new", ref(change.after()));
    node.put("created", change.before().isEmpty())
        .put("closed", change.after().isEmpty())
        .put("forced", change.forced())
        .put("truncated", change.truncated());
    // a deletion has neither commits nor links, and a tag no commits
    change
        .after()
        .ifPresent(
            after -> {
              node.set("links", links(change.before(), after, change.forced()));
              if (after.isBranch()) {
                ArrayNode commits = node.putArray("commits");
                change
                    .commits()
                    .forEach(commit -> commits.add(views.commits().full(repository, commit)));
              }
            });
    return node;
  }

  private JsonNode ref(Optional<Ref> ref) {
    return ref.<JsonNode>map(present -> views.refs().show(repository, present))
        .orElseGet(() -> Json.object().nullNode());
  }

  private ObjectNode links(Optional<Ref> before, Ref after, boolean forced) {
    String api = "/repositories/" + repository.fullName();
    String include = api + "/commits?include=" + after.target();
    ObjectNode links = Json.object();
    if (before.isEmpty()) {
      link(links, "commits", site.api(include));
      if (after.isBranch()) {
        link(links, "html", page("/branch/" + after.shortName()));
      }
      return links;
    }
    String old = before.get().target();
    String range = after.target() + ".." + old;
    link(links, "commits", site.api(include + "&exclude=" + old));
    link(links, "html", page("/branches/compare/" + range));
    if (!forced) {
      link(links, "diff", site.api(api + "/diff/" + range));
    }
    return links;
  }

  private static void link(ObjectNode links, String name, String href) {
    links.putObject(name).put("href", href);
  }

  private String page(String rest) {
    return site.page("/" + repository.fullName() + rest);
  }
}
