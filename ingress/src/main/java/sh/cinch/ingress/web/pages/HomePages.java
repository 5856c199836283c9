package sh.cinch.ingress.web.pages;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import sh.cinch.ingress.connecting.Credentials;
import sh.cinch.ingress.connecting.Disconnection;
import sh.cinch.ingress.connecting.RepositoryDisconnector;
import sh.cinch.ingress.connecting.WebhookUuids;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.connecting.access.RepositoryAccess;
import sh.cinch.ingress.connecting.access.RepositoryAccessCache;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.session.Session;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.ingress.connecting.upkeep.HookAttention;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.readmodel.Projections;
import sh.cinch.ingress.readmodel.Releases;
import sh.cinch.ingress.reconciler.LastLooks;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.token.CredentialHealth;

/** The landing page, and what is going on in the repositories that the viewer may see. */
record HomePages(
    Html html,
    SignedIn signedIn,
    Rights rights,
    RepositoryAccessCache accessCache,
    Connections connections,
    Hooks hooks,
    WebhookUuids uuids,
    HookAttention attention,
    Deliveries deliveries,
    InstantSource clock,
    RepositoryDisconnector disconnector,
    Credentials credentials,
    Projections projections,
    Releases releases,
    LastLooks lastLooks,
    CredentialNotices notices) {

  /** Together less than a megabyte of page, whatever its texts are. */
  private static final int BYTES = 200 * 1024;

  private static final PageRequest NEWEST = PageRequest.first(20).within(BYTES);

  /** Each may have hundreds of files. */
  private static final PageRequest NEWEST_RELEASES = PageRequest.first(10).within(BYTES);

  private static final int MOST_REPOSITORIES = 200;
  private static final Duration REFUSED_SHOWN = Duration.ofDays(7);
  private static final int REFUSED_KINDS = 5;

  void home(RoutingContext context) {
    Optional<Session> session = signedIn.find(context);
    if (session.isEmpty()) {
      html.send(context.response(), "landing.jte", new LandingPage(Words.OAUTH_SCOPE));
      return;
    }
    RepositoryAccess access = accessCache.of(session.get().credential());
    List<Connection> visible =
        connections.among(access.visible()).stream().filter(access::sees).toList();
    html.send(
        context.response(),
        "home.jte",
        new HomePage(
            Viewer.of(session.get()),
            notices.of(session.get(), access, visible),
            Brief.paragraphs(access.missing()),
            items(visible.stream().limit(MOST_REPOSITORIES).toList()),
            Math.max(0, visible.size() - MOST_REPOSITORIES),
            pushes(visible),
            statuses(visible),
            releases(visible)));
  }

  void repository(PageCall call) {
    Session session = call.session();
    Connection connection = call.repository(rights);
    RepositoryAccess access = accessCache.of(session.credential());
    boolean administered = access.administers(connection.uuid());
    List<Connection> alone = List.of(connection);
    html.send(
        call.context().response(),
        "repository.jte",
        new RepositoryPage(
            Viewer.of(session),
            items(alone).getFirst(),
            notices.of(session, access, alone),
            notices.healths(alone).values().stream()
                .flatMap(health -> health.expiresAt().stream())
                .findFirst()
                .map(When::of),
            administered,
            administered ? List.of() : Brief.paragraphs(access.missing(connection.address())),
            pushes(alone),
            statuses(alone),
            releases(alone),
            webhook(connection),
            DeliveryItems.of(connection.id(), deliveries.page(connection.id(), NEWEST)),
            lastLooks.of(connection.id()).map(LookItem::of)));
  }

  private WebhookItem webhook(Connection connection) {
    Optional<Hook> hook = hooks.ofRepository(connection.id());
    return WebhookItem.of(
        hook.map(attention::notes).orElse(List.of()),
        uuids.of(connection),
        hook.map(
                there ->
                    deliveries.refusedLately(
                        there.id(), clock.instant().minus(REFUSED_SHOWN), REFUSED_KINDS))
            .orElse(List.of()));
  }

  void disconnect(PageCall call) {
    Connection connection = call.repository(rights);
    Disconnection done = disconnector.disconnect(connection);
    html.send(
        call.context().response(),
        "done.jte",
        new DonePage(
            Viewer.of(call.session()),
            connection.fullName() + " is disconnected",
            done.left(),
            done.notes()));
  }

  /** Has a webhook that is gone from Bitbucket forgotten. */
  void removeUuid(PageCall call) {
    Connection connection = call.repository(rights);
    uuids.remove(connection, Objects.requireNonNullElse(call.field("uuid"), ""));
    Html.redirect(call.context().response(), "/repositories/" + connection.id());
  }

  /** Has the credential of a repository tried once more. */
  void tryAgain(PageCall call) {
    Connection connection = call.repository(rights);
    credentials.tryAgain(connection);
    tried(call, "The page of %s".formatted(connection.fullName()));
  }

  /** The same for the viewer's own, without which nobody can say what they administer. */
  void tryOwn(PageCall call) {
    credentials.tryAgain(call.session().credential());
    tried(call, "Your start page");
  }

  private void tried(PageCall call, String where) {
    html.send(
        call.context().response().setStatusCode(202),
        "done.jte",
        new DonePage(
            Viewer.of(call.session()),
            "Cinch tries again",
            List.of(),
            List.of(where + " shows in a moment what came of it.")));
  }

  private List<RepositoryItem> items(List<Connection> of) {
    Map<UUID, CredentialHealth> healths = notices.healths(of);
    return of.stream()
        .map(
            connection ->
                RepositoryItem.of(
                    connection,
                    hooks.ofRepository(connection.id()),
                    connection.credential().map(used -> healths.get(used.id()))))
        .toList();
  }

  private List<PushItem> pushes(Collection<Connection> of) {
    Map<UUID, String> names = names(of);
    return projections.pushes(names.keySet(), NEWEST).items().stream()
        .map(push -> PushItem.of(push, names.getOrDefault(push.repositoryId(), "")))
        .toList();
  }

  private List<StatusItem> statuses(Collection<Connection> of) {
    Map<UUID, String> names = names(of);
    return projections.statuses(names.keySet(), NEWEST).items().stream()
        .map(status -> StatusItem.of(status, names.getOrDefault(status.repository().id(), "")))
        .toList();
  }

  private List<ReleaseItem> releases(Collection<Connection> of) {
    return releases.page(names(of).keySet(), NEWEST_RELEASES).map(ReleaseItem::of).items();
  }

  private static Map<UUID, String> names(Collection<Connection> of) {
    return of.stream().collect(Collectors.toMap(Connection::id, Connection::fullName));
  }
}
