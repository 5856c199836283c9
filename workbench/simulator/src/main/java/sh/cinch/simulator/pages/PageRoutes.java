package sh.cinch.simulator.pages;

import static io.vertx.core.http.HttpMethod.GET;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import sh.cinch.simulator.delivery.Deliverer;
import sh.cinch.simulator.html.Html;
import sh.cinch.simulator.html.Layout;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.http.Routes;
import sh.cinch.simulator.store.ContentHost;
import sh.cinch.simulator.world.World;

/** The pages for people; to be added last, since they take whatever path of two parts is left. */
public final class PageRoutes {
  private final World world;
  private final Deliverer deliverer;
  private final ContentHost host;

  private PageRoutes(World world, Deliverer deliverer, ContentHost host) {
    this.world = world;
    this.deliverer = deliverer;
    this.host = host;
  }

  public static void addTo(Routes routes, World world, Deliverer deliverer, ContentHost host) {
    var pages = new PageRoutes(world, deliverer, host);
    Reply style = resource("style.css", "text/css; charset=utf-8");
    Reply script = resource("live.js", "text/javascript; charset=utf-8");
    routes.serve(GET, Layout.STYLE, call -> style);
    routes.serve(GET, Layout.SCRIPT, call -> script);
    routes.serve(GET, "/", pages::home);
    routes.serve(GET, "/:workspace/:slug", pages::repository);
    // where people click on a download
    routes.serve(GET, "/:workspace/:slug/downloads/:name", pages::download);
    // where the links in payloads lead: to commits, branches and comparisons
    routes.serve(
        GET,
        "/:workspace/:slug/*",
        call -> Reply.redirect("/" + call.at("workspace") + "/" + call.at("slug")));
  }

  private Reply home(Call call) {
    return Layout.livePage("Repositories", world.ask(state -> HomePage.of(state, call.site())));
  }

  private Reply repository(Call call) {
    String name = call.at("workspace") + "/" + call.at("slug");
    return world.ask(
        state ->
            state
                .repository(call.at("workspace"), call.at("slug"))
                .map(
                    repository ->
                        Layout.livePage(
                            repository.fullName(),
                            RepositoryPage.of(state, repository, deliverer::latest)))
                .or(
                    () ->
                        state
                            .moved(call.at("workspace"), call.at("slug"))
                            .map(to -> Reply.moved("/" + to.fullName())))
                .orElseGet(
                    () ->
                        Layout.page(
                            404,
                            "Not found",
                            Html.of("<h1>There is no repository {}</h1>", name))));
  }

  private Reply download(Call call) {
    return world.ask(
        state ->
            state
                .repository(call.at("workspace"), call.at("slug"))
                .flatMap(
                    repository ->
                        repository
                            .download(call.at("name"))
                            .map(download -> Reply.redirect(host.link(repository, download))))
                .orElseGet(
                    () ->
                        Layout.page(
                            404,
                            "Not found",
                            Html.of("<h1>There is no download {}</h1>", call.at("name")))));
  }

  private static Reply resource(String name, String contentType) {
    try (InputStream in =
        Objects.requireNonNull(PageRoutes.class.getResourceAsStream(name), name)) {
      return Reply.of(200, contentType, Buffer.buffer(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
