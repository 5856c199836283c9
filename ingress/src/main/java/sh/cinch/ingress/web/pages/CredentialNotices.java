package sh.cinch.ingress.web.pages;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.connecting.CredentialWords;
import sh.cinch.ingress.connecting.access.RepositoryAccess;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.credential.CredentialStates;
import sh.cinch.ingress.connecting.session.Session;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.service.token.CredentialHealth;

/** Tells a viewer of the credentials that are not well, once each. */
record CredentialNotices(CredentialStates credentials) {

  /** The form that has the viewer's own authorization tried again. */
  static final String TRY_OWN = "/credential/try";

  private static final Logger log = LoggerFactory.getLogger(CredentialNotices.class);

  static String tryAddress(Connection connection) {
    return "/repositories/%s/credential/try".formatted(connection.id());
  }

  /** How the credentials of these repositories stand, as far as that was told. */
  Map<UUID, CredentialHealth> healths(Collection<Connection> connections) {
    return credentials.find(byCredential(connections).keySet());
  }

  List<CredentialNotice> of(
      Session session, RepositoryAccess access, Collection<Connection> connections) {
    Map<UUID, List<Connection>> users = byCredential(connections);
    return credentials.find(users.keySet()).entrySet().stream()
        .filter(told -> !told.getValue().isWell())
        .map(
            told ->
                notice(
                    session, access, users.getOrDefault(told.getKey(), List.of()), told.getValue()))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Of the viewer's own authorization, without which Bitbucket cannot be asked what they see. */
  Optional<CredentialNotice> own(Session session) {
    try {
      return credentials
          .find(session.credential())
          .filter(health -> !health.isWell())
          .map(CredentialNotices::own);
    } catch (DataAccessException e) {
      log.debug("not shown: the database is away", e);
      return Optional.empty();
    }
  }

  /** The same where a call has just shown that it is dead, whether or not that was told. */
  CredentialNotice dead(Session session) {
    return own(session)
        .orElseGet(
            () ->
                own(
                    new CredentialHealth(
                        State.NEEDS_AUTHORIZATION, Optional.empty(), Optional.empty())));
  }

  private static CredentialNotice own(CredentialHealth health) {
    return new CredentialNotice(
        Badge.ofCredential(Connection.OAUTH, health),
        CredentialWords.happened(health),
        List.of(),
        new Remedy.Authorize(),
        canBeTried(health) ? Optional.of(TRY_OWN) : Optional.empty());
  }

  private static Optional<CredentialNotice> notice(
      Session session, RepositoryAccess access, List<Connection> users, CredentialHealth health) {
    // The one that the viewer can do most about speaks for all.
    Optional<Connection> administered =
        users.stream().filter(user -> access.administers(user.uuid())).findFirst();
    return administered
        .or(() -> users.stream().findFirst())
        .flatMap(Connection::credential)
        .map(
            used ->
                new CredentialNotice(
                    Badge.ofCredential(used.kind(), health),
                    CredentialWords.happened(health),
                    users.stream().map(Connection::fullName).sorted().toList(),
                    remedy(session, administered, used),
                    administered
                        .filter(connection -> used.isOAuth() && canBeTried(health))
                        .map(CredentialNotices::tryAddress)));
  }

  private static Remedy remedy(
      Session session, Optional<Connection> administered, Connection.Used used) {
    if (used.isOAuth() && used.account().equals(Optional.of(session.account().uuid()))) {
      return new Remedy.Authorize();
    }
    return administered
        .<Remedy>map(
            connection ->
                used.isOAuth()
                    ? new Remedy.TakeOver("/connect?q=" + encoded(connection.fullName()))
                    : new Remedy.NewToken(
                        CredentialWords.whereToMake(used.kind()),
                        List.of(CredentialWords.command(connection, used).split(" "))))
        .orElseGet(Remedy.None::new);
  }

  private static boolean canBeTried(CredentialHealth health) {
    return health.state() == State.UNCLEAR || health.state() == State.NEEDS_AUTHORIZATION;
  }

  private static Map<UUID, List<Connection>> byCredential(Collection<Connection> connections) {
    return connections.stream()
        .filter(connection -> connection.credential().isPresent())
        .collect(
            Collectors.groupingBy(
                connection -> connection.credential().orElseThrow().id(),
                LinkedHashMap::new,
                Collectors.toList()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
