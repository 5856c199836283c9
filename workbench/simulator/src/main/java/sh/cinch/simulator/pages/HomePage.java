package sh.cinch.simulator.pages;

import java.util.List;
import sh.cinch.simulator.html.Html;
import sh.cinch.simulator.http.Site;
import sh.cinch.simulator.world.Ref;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;

/** All repositories. */
final class HomePage {
  private static final String TABLE =
      """
      <h1>Repositories</h1>
      <table>
      <thead><tr><th>Repository</th><th>Last commit</th><th>Builds</th></tr></thead>
      <tbody>
      {}
      </tbody>
      </table>
      """;

  private static final String NONE =
      """
      <h1>Repositories</h1>
      <p>There are none yet. Make one:</p>
      <pre><code>curl -X PUT {}/_simulator/repositories/acme/app</code></pre>
      """;

  private HomePage() {}

  static Html of(State state, Site site) {
    List<Repository> all = state.repositories();
    return all.isEmpty()
        ? Html.of(NONE, site.base())
        : Html.of(TABLE, Html.join(all.stream().map(HomePage::row)));
  }

  private static Html row(Repository repository) {
    return Html.of(
        "<tr><td><a href=\"/{}\">{}</a> {}</td><td>{}</td><td>{}</td></tr>",
        repository.fullName(),
        repository.fullName(),
        repository.isPrivate() ? Html.of("<span class=\"tag\">private</span>") : Html.NONE,
        repository
            .mainBranch()
            .map(Ref::target)
            .flatMap(repository::commit)
            .map(
                commit ->
                    Html.of(
                        "<code>{}</code> {}",
                        commit.hash().substring(0, 7),
                        commit.message().lines().findFirst().orElse("")))
            .orElse(Html.of("<span class=\"note\">empty</span>")),
        repository
            .mainBranch()
            .map(branch -> StatusBadge.icons(repository.statuses(branch.target())))
            .orElse(Html.NONE));
  }
}
