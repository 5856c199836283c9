package sh.cinch.ingress.web.pages;

import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import sh.cinch.forge.Site;
import sh.cinch.ingress.connecting.Credentials;
import sh.cinch.ingress.connecting.Disconnection;
import sh.cinch.ingress.connecting.RepositoryDisconnector;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.connecting.access.RepositoryAccess;
import sh.cinch.ingress.connecting.access.RepositoryAccessCache;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.session.Session;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.ingress.readmodel.Projections;
import sh.cinch.ingress.readmodel.Releases;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.http.Problem;
import sh.cinch.service.token.CredentialHealth;

/** The landing page, and what is going on in the repositories that the viewer may see. */
final class HomePages {

  private static final int NEWEST = 20;

  /** Each may have hundreds of files. */
  private static final int NEWEST_RELEASES = 10;

  private final Html html;
  private final SignedIn signedIn;
  private final RepositoryAccessCache sights;
  private final Connections connections;
  private final Hooks hooks;
  private final RepositoryDisconnector disconnector;
  private final Credentials credentials;
  private final Projections projections;
  private final Releases releases;
  private final Site site;
  private final CredentialNotices notices;

  HomePages(
      Html html,
      SignedIn signedIn,
      RepositoryAccessCache sights,
      Connections connections,
      Hooks hooks,
      RepositoryDisconnector disconnector,
      Credentials credentials,
      Projections projections,
      Releases releases,
      Site site,
      CredentialNotices notices) {
    this.html = html;
    this.signedIn = signedIn;
    this.sights = sights;
    this.connections = connections;
    this.hooks = hooks;
    this.disconnector = disconnector;
    this.credentials = credentials;
    this.projections = projections;
    this.releases = releases;
    this.site = site;
    this.notices = notices;
  }

  void home(RoutingContext context) {
    Optional<Session> session = signedIn.find(context.request());
    if (session.isEmpty()) {
      html.send(context.response(), "landing.jte", new LandingPage(Words.OAUTH_SCOPE));
      return;
    }
    RepositoryAccess sight = sights.of(session.get().credential());
    List<Connection> visible =
        connections.among(sight.visible()).stream().filter(sight::sees).toList();
    html.send(
        context.response(),
        "home.jte",
        new HomePage(
            Viewer.of(session.get()),
            notices.of(session.get(), sight, visible),
            items(visible),
            pushes(visible),
            statuses(visible),
            Words.RELEASES,
            releases(visible)));
  }

  void repository(RoutingContext context) {
    Session session = signedIn.find(context.request()).orElseThrow(HomePages::none);
    Connection connection = visible(context, session);
    RepositoryAccess sight = sights.of(session.credential());
    List<Connection> alone = List.of(connection);
    html.send(
        context.response(),
        "repository.jte",
        new RepositoryPage(
            Viewer.of(session),
            items(alone).getFirst(),
            notices.of(session, sight, alone),
            notices.standings(alone).values().stream()
                .flatMap(standing -> standing.expiresAt().stream())
                .findFirst()
                .map(When::of),
            sight.administers(connection),
            Words.MERGE_BLOCKING,
            pushes(alone),
            statuses(alone),
            Words.RELEASES,
            releases(alone)));
  }

  void disconnect(RoutingContext context) {
    Session session = ofForm(context);
    Connection connection = administered(context, session);
    Disconnection done = disconnector.disconnect(connection);
    html.send(
        context.response(),
        "done.jte",
        new DonePage(
            Viewer.of(session),
            connection.fullName() + " is disconnected",
            done.left(),
            done.notes()));
  }

  /** Has the credential of a repository tried once more. */
  void tryAgain(RoutingContext context) {
    Session session = ofForm(context);
    Connection connection = administered(context, session);
    credentials.tryAgain(connection);
    tried(context, session, "The page of %s".formatted(connection.fullName()));
  }

  /** The same for the viewer's own, without which nobody can say what they administer. */
  void tryOwn(RoutingContext context) {
    Session session = ofForm(context);
    credentials.tryAgain(session.credential());
    tried(context, session, "Your start page");
  }

  private void tried(RoutingContext context, Session session, String where) {
    html.send(
        context.response().setStatusCode(202),
        "done.jte",
        new DonePage(
            Viewer.of(session),
            "Cinch tries again",
            List.of(),
            List.of(where + " shows in a moment what came of it.")));
  }

  private Session ofForm(RoutingContext context) {
    Session session = signedIn.find(context.request()).orElseThrow(HomePages::none);
    SignedIn.checkForm(
        session, Optional.ofNullable(context.request().getFormAttribute(SignedIn.FORM_FIELD)));
    return session;
  }

  private Connection administered(RoutingContext context, Session session) {
    Connection connection = visible(context, session);
    if (!sights.of(session.credential()).administers(connection)) {
      throw new Problem(403, "Not allowed", "Only administrators of the repository may do this.");
    }
    return connection;
  }

  private Connection visible(RoutingContext context, Session session) {
    return Uuids.parse(context.pathParam("id"))
        .flatMap(connections::find)
        .filter(sights.of(session.credential())::sees)
        .orElseThrow(HomePages::none);
  }

  private List<RepositoryItem> items(List<Connection> of) {
    Map<UUID, CredentialHealth> standings = notices.standings(of);
    return of.stream()
        .map(
            connection ->
                RepositoryItem.of(
                    connection,
                    hooks.ofRepository(connection.id()),
                    connection.credential().map(used -> standings.get(used.id()))))
        .toList();
  }

  private List<PushItem> pushes(Collection<Connection> of) {
    Map<UUID, String> names = names(of);
    return projections.newestPushes(names.keySet(), NEWEST).stream()
        .map(push -> PushItem.of(push, names.getOrDefault(push.repositoryId(), "")))
        .toList();
  }

  private List<StatusItem> statuses(Collection<Connection> of) {
    Map<UUID, String> names = names(of);
    return projections.newestStatuses(names.keySet(), NEWEST).stream()
        .map(status -> StatusItem.of(status, names.getOrDefault(status.repositoryId(), "")))
        .toList();
  }

  private List<ReleaseItem> releases(Collection<Connection> of) {
    Map<UUID, String> names = names(of);
    return releases.newest(names.keySet(), NEWEST_RELEASES).stream()
        .map(
            release ->
                ReleaseItem.of(release, site, names.getOrDefault(release.repositoryId(), "")))
        .toList();
  }

  private static Map<UUID, String> names(Collection<Connection> of) {
    return of.stream().collect(Collectors.toMap(Connection::id, Connection::fullName));
  }

  private static Problem none() {
    return new Problem(
        404, "No such repository", "There is none here, or you are not signed in to see it.");
  }
}
