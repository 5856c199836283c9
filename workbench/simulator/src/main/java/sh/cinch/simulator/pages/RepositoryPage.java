package sh.cinch.simulator.pages;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sh.cinch.simulator.delivery.Attempt;
import sh.cinch.simulator.delivery.Delivered;
import sh.cinch.simulator.html.Html;
import sh.cinch.simulator.view.Times;
import sh.cinch.simulator.world.Commit;
import sh.cinch.simulator.world.Download;
import sh.cinch.simulator.world.Hook;
import sh.cinch.simulator.world.Ref;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;

/** One repository: its latest commits with their builds, its refs, its downloads, its webhooks. */
final class RepositoryPage {
  private static final int SHOWN_COMMITS = 30;

  private static final String PAGE =
      """
      <h1>{}</h1>
      <section aria-labelledby="commits"><h2 id="commits">Commits</h2>
      {}
      </section>
      <section aria-labelledby="branches"><h2 id="branches">Branches</h2>
      {}
      </section>
      <section aria-labelledby="tags"><h2 id="tags">Tags</h2>
      {}
      </section>
      <section aria-labelledby="downloads"><h2 id="downloads">Downloads</h2>
      {}
      </section>
      <section aria-labelledby="webhooks"><h2 id="webhooks">Webhooks</h2>
      {}
      </section>
      """;

  private final State state;
  private final Repository repository;
  private final Function<Hook, Optional<Delivered>> latest;

  private RepositoryPage(
      State state, Repository repository, Function<Hook, Optional<Delivered>> latest) {
    this.state = state;
    this.repository = repository;
    this.latest = latest;
  }

  static Html of(State state, Repository repository, Function<Hook, Optional<Delivered>> latest) {
    return new RepositoryPage(state, repository, latest).page();
  }

  private Html page() {
    List<Ref> refs = repository.refs();
    return Html.of(
        PAGE,
        repository.fullName(),
        list(latestCommits().stream().map(this::commit)),
        list(refs.stream().filter(Ref::isBranch).map(RepositoryPage::ref)),
        list(refs.stream().filter(ref -> !ref.isBranch()).map(RepositoryPage::ref)),
        list(repository.downloads().stream().map(this::download)),
        list(repository.hooks().stream().map(this::hook)));
  }

  private static Html list(Stream<Html> items) {
    List<Html> all = items.toList();
    return all.isEmpty()
        ? Html.of("<p class=\"note\">None yet.</p>")
        : Html.of("<ul class=\"list\">\n{}\n</ul>", Html.join(all.stream()));
  }

  private List<Commit> latestCommits() {
    return repository.commits().reversed().stream().limit(SHOWN_COMMITS).toList();
  }

  private Html commit(Commit commit) {
    String heads =
        repository.refs().stream()
            .filter(ref -> ref.target().equals(commit.hash()))
            .map(Ref::shortName)
            .collect(Collectors.joining(", "));
    return Html.of(
        """
        <li id="{}"><p><code>{}</code> {} {}</p>
        <p class="note">{} · {}</p>
        <ul class="builds">{}</ul></li>\
        """,
        commit.hash(),
        commit.hash().substring(0, 7),
        commit.message().lines().findFirst().orElse(""),
        heads.isEmpty() ? Html.NONE : Html.of("<span class=\"tag\">{}</span>", heads),
        state.account(commit.author()).displayName(),
        Times.seconds(commit.date()),
        Html.join(repository.statuses(commit.hash()).stream().map(StatusBadge::full)));
  }

  private static Html ref(Ref ref) {
    return Html.of("<li>{} <code>{}</code></li>", ref.shortName(), ref.target().substring(0, 7));
  }

  private Html download(Download download) {
    return Html.of(
        """
        <li><p><a href="{}"><strong>{}</strong></a> {}</p>
        <p class="note">{} bytes · {} · {}</p>
        <p class="note"><code>{}</code></p></li>\
        """,
        "/%s/downloads/%s"
            .formatted(
                repository.fullName(),
                URLEncoder.encode(download.name(), StandardCharsets.UTF_8).replace("+", "%20")),
        download.name(),
        download.replaced() == 0
            ? Html.NONE
            : Html.of("<span class=\"tag\">replaced {}×</span>", download.replaced()),
        download.content().size(),
        state.account(download.account()).displayName(),
        Times.micros(download.createdOn()),
        download.content().sha256());
  }

  private Html hook(Hook hook) {
    return Html.of(
        """
        <li><p><strong>{}</strong> {}</p>
        <p><code>{}</code></p>
        <p class="note">{} · {} · {}</p></li>\
        """,
        hook.description().isEmpty() ? "Webhook" : hook.description(),
        hook.active() ? Html.NONE : Html.of("<span class=\"tag\">inactive</span>"),
        hook.url(),
        String.join(", ", hook.events()),
        hook.secret().isPresent() ? "signed" : "not signed",
        latest.apply(hook).map(RepositoryPage::delivery).orElse("nothing delivered yet"));
  }

  private static String delivery(Delivered delivered) {
    if (delivered.attempts().isEmpty()) {
      return "last delivery was too large to be sent";
    }
    Attempt last = delivered.attempts().getLast();
    return "last delivery: %s after %d ms, attempt %d"
        .formatted(
            last.problem().orElse(String.valueOf(last.status())),
            last.ms(),
            delivered.attempts().size());
  }
}
