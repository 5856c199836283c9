package sh.cinch.ingress.web.api;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.ingress.connecting.ConnectOrder;
import sh.cinch.ingress.connecting.Connected;
import sh.cinch.ingress.connecting.CredentialWords;
import sh.cinch.ingress.connecting.Credentials;
import sh.cinch.ingress.connecting.Disconnection;
import sh.cinch.ingress.connecting.RepositoryConnector;
import sh.cinch.ingress.connecting.RepositoryDisconnector;
import sh.cinch.ingress.connecting.WebhookUuids;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.credential.CredentialStates;
import sh.cinch.ingress.connecting.upkeep.HookAttention;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.reconciler.LastLooks;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.ingress.web.access.Right;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.ingress.web.api.RepositoryView.CredentialView;
import sh.cinch.ingress.web.api.RepositoryView.LookView;
import sh.cinch.ingress.web.api.RepositoryView.ManualView;
import sh.cinch.ingress.web.api.RepositoryView.WebhookView;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.token.CredentialHealth;
import sh.cinch.service.token.NewCredential;
import sh.cinch.service.token.StoredCredential;

/** Repositories: connect with a pasted token, list, look at, disconnect. */
record RepositoryOperations(
    Rights rights,
    Connections connections,
    Hooks hooks,
    HookUrls urls,
    Credentials credentials,
    CredentialStates states,
    RepositoryConnector connector,
    RepositoryDisconnector disconnector,
    WebhookUuids uuids,
    HookAttention attention,
    LastLooks lastLooks,
    InstantSource clock) {

  /** A list does not ask the token-service about each: it has told on its topic. */
  ApiReply list(ApiCall call) {
    Page<Connection> page =
        call.query("fullName")
            .map(name -> named(call, name))
            .orElseGet(() -> connections.page(rights.filter(call.caller()), call.page()));
    Map<UUID, CredentialHealth> healths =
        states.find(
            page.items().stream()
                .flatMap(connection -> connection.credential().stream())
                .map(Connection.Used::id)
                .toList());
    Page<RepositoryView> views =
        page.map(
            connection -> {
              Optional<CredentialHealth> health =
                  connection.credential().map(used -> healths.get(used.id()));
              Optional<Hook> hook = hooks.ofRepository(connection.id());
              return view(
                  connection,
                  hook,
                  connection.credential().map(used -> CredentialView.of(used, health)),
                  warnings(connection, hook, health));
            });
    return ApiReply.ok(
        new Repositories(views.items(), views.next(), rights.missing(call.caller())));
  }

  /** That one alone, as it is called or was; a list of none where the caller sees none. */
  private Page<Connection> named(ApiCall call, String name) {
    try {
      Connection connection = rights.of(call.caller(), Right.SEE, name);
      return new Page<>(
          connection.state() == Connection.State.DISCONNECTED ? List.of() : List.of(connection),
          Optional.empty());
    } catch (Problem problem) {
      if (problem.status() == 404) {
        return new Page<>(List.of(), Optional.empty());
      }
      throw problem;
    }
  }

  /** {@code warnings}: what of the forge could not be read, so that some may be missing. */
  record Repositories(
      List<RepositoryView> items,
      Optional<String> next,
      @JsonInclude(NON_EMPTY) List<String> warnings) {}

  ApiReply show(ApiCall call) {
    Connection connection = call.repository(rights);
    Optional<StoredCredential> asked =
        connection.credential().map(Connection.Used::id).flatMap(credentials::find);
    Optional<CredentialHealth> health =
        asked
            .map(StoredCredential::health)
            .or(() -> connection.credential().map(Connection.Used::id).flatMap(states::find));
    Optional<CredentialView> credential =
        asked
            .map(CredentialView::of)
            .or(() -> connection.credential().map(used -> CredentialView.of(used, health)));
    Optional<Hook> hook = hooks.ofRepository(connection.id());
    List<String> warnings = new ArrayList<>(warnings(connection, hook, health));
    warnings.add(Words.MERGE_BLOCKING);
    return ApiReply.ok(
        RepositoryView.of(
            connection,
            credential,
            hook.map(
                there ->
                    WebhookView.of(there, urls).with(uuids.of(connection), attention.notes(there))),
            lastLooks.of(connection.id()).map(LookView::of),
            warnings,
            Optional.empty()));
  }

  private static List<String> warnings(
      Connection connection, Optional<Hook> hook, Optional<CredentialHealth> health) {
    return Stream.concat(
            health.flatMap(told -> CredentialWords.warning(connection, told)).stream(),
            hook.filter(Hook::allowUnsigned).map(unsigned -> Words.UNSIGNED).stream())
        .toList();
  }

  ApiReply connect(ApiCall call) {
    JsonObject body = call.body();
    ForgeRepository address =
        ForgeRepository.named(body.getString("fullName"))
            .orElseThrow(
                () ->
                    new Problem(
                        400,
                        "Malformed request",
                        "'fullName' is written workspace/repository, as in Bitbucket's address."));
    NewCredential.Token pasted =
        new NewCredential.Token(
            Repository.forge(body.getString("forge")),
            body.getString("fullName"),
            Secret.of(body.getString("token")),
            Optional.ofNullable(body.getString("email")),
            Optional.ofNullable(body.getString("expiresAt"))
                .map(text -> TokenEnd.of(text, clock.instant())));
    boolean replace = call.query("replace").map(Boolean::valueOf).orElse(false);
    boolean forget = call.query("forget").map(Boolean::valueOf).orElse(false);
    ConnectOrder.By by = by(call.caller());
    Connected connected =
        connect(
            new ConnectOrder(
                address,
                credentials.paste(pasted, by),
                body.getBoolean("allowUnsigned", false),
                replace,
                forget,
                by));
    return ApiReply.of(connected.isNew() ? 201 : 200, RepositoryView.of(connected, urls));
  }

  private static ConnectOrder.By by(Caller caller) {
    return switch (caller) {
      case Caller.Operator() -> new ConnectOrder.By.Operator();
      case Caller.Person(var session) ->
          new ConnectOrder.By.Person(session.account().uuid(), session.credential());
      case Caller.Runner runner -> throw new IllegalArgumentException("a runner connects nothing");
    };
  }

  ApiReply disconnect(ApiCall call) {
    Connection connection = call.repository(rights);
    Disconnection done = disconnector.disconnect(connection);
    return ApiReply.ok(
        new Disconnected(
            connection.id(), Connection.State.DISCONNECTED.word(), done.left(), done.notes()));
  }

  /** What comes of it shows in the credential's state. */
  ApiReply tryCredential(ApiCall call) {
    credentials.tryAgain(call.repository(rights));
    return ApiReply.accepted();
  }

  ApiReply newSecret(ApiCall call) {
    rights.ask(call.caller());
    Connection connection = call.repository(rights);
    Optional<ManualView> manual = connector.resecret(connection).map(ManualView::of);
    return ApiReply.ok(new Resecreted(manual.isEmpty(), manual.orElse(null)));
  }

  /** It makes room for another, and comes back where it is still delivered under. */
  ApiReply removeUuid(ApiCall call) {
    Connection connection = call.repository(rights);
    uuids.remove(connection, call.text("uuid"));
    return ApiReply.nothing();
  }

  /** {@code installed}: whether Bitbucket has the new secret already; else it is shown here. */
  record Resecreted(boolean installed, @Nullable ManualView manualWebhook) {}

  /** {@code warnings}: what could not be removed. {@code notes}: what else is good to know. */
  record Disconnected(UUID id, String state, List<String> warnings, List<String> notes) {}

  /** A token that connected nothing is not kept. */
  private Connected connect(ConnectOrder order) {
    try {
      return connector.connect(order);
    } catch (Problem problem) {
      credentials.release(order.credential().id());
      throw problem;
    }
  }

  private RepositoryView view(
      Connection connection,
      Optional<Hook> hook,
      Optional<CredentialView> credential,
      List<String> warnings) {
    return RepositoryView.of(
        connection,
        credential,
        hook.map(there -> WebhookView.of(there, urls)),
        Optional.empty(),
        warnings,
        Optional.empty());
  }
}
