package sh.cinch.simulator.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.world.Commit;
import sh.cinch.simulator.world.Ref;
import sh.cinch.simulator.world.Repository;

/** Branches and tags: the target is the commit, also under an annotated tag. */
public final class RefView {
  private static final String[] STRATEGIES = {
    "merge_commit", "squash", "fast_forward", "squash_fast_forward", "rebase_fast_forward"
  };

  private final Views views;

  RefView(Views views) {
    this.views = views;
  }

  public ObjectNode show(Repository repository, Ref ref) {
    return ref.isBranch() ? branch(repository, ref) : tag(repository, ref);
  }

  private ObjectNode branch(Repository repository, Ref ref) {
    ObjectNode node = common("branch", repository, ref);
    var strategies = node.putArray("merge_strategies");
    for (String strategy : STRATEGIES) {
      strategies.add(strategy);
    }
    node.putArray("sync_strategies").add("merge_commit").add("rebase");
    return node.put("default_merge_strategy", "merge_commit");
  }

  private ObjectNode tag(Repository repository, Ref ref) {
    ObjectNode node = common("tag", repository, ref);
    ref.annotation()
        .ifPresentOrElse(
            annotation ->
                node.put("message", annotation.message())
                    .put("date", Times.seconds(annotation.date()))
                    .putObject("tagger"),
            () -> node.putNull("message").putNull("date").putNull("tagger"));
    return node;
  }

  private ObjectNode common(String type, Repository repository, Ref ref) {
    ObjectNode node = Json.object().put("type", type).put("name", ref.shortName());
    Commit commit = repository.commit(ref.target()).orElseThrow();
    node.set("target", views.commits().target(repository, commit));
    String name = ref.shortName();
    String base = "/repositories/" + repository.fullName();
    ObjectNode links = node.putObject("links");
    String collection = ref.isBranch() ? "branches" : "tags";
    Views.link(links, "self", views.site().api(base + "/refs/" + collection + "/" + name));
    Views.link(links, "commits", views.site().api(base + "/commits/" + name));
    Views.link(links, "html", page(repository, ref));
    return node;
  }

  private String page(Repository repository, Ref ref) {
    String kind = ref.isBranch() ? "/branch/" : "/commits/tag/";
    return views.site().page("/" + repository.fullName() + kind + ref.shortName());
  }
}
