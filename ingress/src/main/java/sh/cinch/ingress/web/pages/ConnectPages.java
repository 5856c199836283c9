package sh.cinch.ingress.web.pages;

import static java.util.Locale.ROOT;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.ingress.connecting.ConnectOrder;
import sh.cinch.ingress.connecting.Credentials;
import sh.cinch.ingress.connecting.RepositoryConnector;
import sh.cinch.ingress.connecting.access.RepositoryAccess;
import sh.cinch.ingress.connecting.access.RepositoryAccessCache;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.session.Session;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.service.http.Problem;
import sh.cinch.service.token.StoredCredential;

/** Choosing repositories and connecting them. */
record ConnectPages(
    Html html,
    RepositoryAccessCache accessCache,
    Connections connections,
    Credentials credentials,
    RepositoryConnector connector) {

  static final String PATH = "/connect";

  private static final int MOST_AT_ONCE = 50;
  private static final int MOST_SHOWN = 200;

  void choose(PageCall call) {
    Session session = call.session();
    String search =
        Optional.ofNullable(call.context().request().getParam("q")).map(String::strip).orElse("");
    if (search.length() > RequestLimits.SEARCH) {
      throw new Problem(
          400,
          "Nothing found",
          "What you search for is longer than %d characters.".formatted(RequestLimits.SEARCH));
    }
    RepositoryAccess access = accessCache.afresh(session.credential());
    List<Found> all = access.administered();
    Set<String> connected =
        connections.among(all.stream().map(Found::uuid).toList()).stream()
            .filter(Connection::isConnected)
            .map(Connection::uuid)
            .collect(Collectors.toSet());
    List<Found> found =
        all.stream()
            .filter(each -> each.fullName().toLowerCase(ROOT).contains(search.toLowerCase(ROOT)))
            .toList();
    List<ChoosePage.Choice> choices =
        found.stream()
            .limit(MOST_SHOWN)
            .map(
                each ->
                    new ChoosePage.Choice(
                        each.fullName(), each.isPrivate(), connected.contains(each.uuid())))
            .toList();
    html.send(
        call.context().response(),
        "choose.jte",
        new ChoosePage(
            Viewer.of(session),
            search,
            choices,
            found.size() - choices.size(),
            all.size(),
            Brief.paragraphs(access.missing())));
  }

  void connect(PageCall call) {
    Session session = call.session();
    List<String> chosen =
        call.context().request().formAttributes().getAll("repository").stream().distinct().toList();
    if (chosen.isEmpty() || chosen.size() > MOST_AT_ONCE) {
      throw new Problem(
          400,
          "Nothing connected",
          "Choose at least one repository, and at most %d at once.".formatted(MOST_AT_ONCE));
    }
    boolean replace = "true".equals(call.field("replace"));
    StoredCredential credential =
        credentials
            .find(session.credential())
            .orElseThrow(
                () ->
                    new Problem(
                        503,
                        "Not now",
                        "Your authorization could not be looked up; try again in a minute."));
    List<ConnectedPage.Result> results =
        chosen.stream().map(name -> connect(session, name, credential, replace)).toList();
    html.send(
        call.context().response(), "connected.jte", new ConnectedPage(Viewer.of(session), results));
  }

  private ConnectedPage.Result connect(
      Session session, String name, StoredCredential credential, boolean replace) {
    try {
      ForgeRepository address = ForgeRepository.named(name).orElseThrow(ConnectPages::noName);
      return ConnectedPage.Done.of(
          connector.connect(
              new ConnectOrder(
                  address,
                  credential,
                  false,
                  replace,
                  false,
                  new ConnectOrder.By.Person(session.account().uuid(), session.credential()))));
    } catch (Problem problem) {
      return ConnectedPage.Failed.of(name, problem);
    }
  }

  private static Problem noName() {
    return new Problem(400, "No name", "A repository is named workspace/repository.");
  }
}
