package sh.cinch.ingress.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.ingress.api.RepositoryView.CredentialView;
import sh.cinch.ingress.api.RepositoryView.ManualView;
import sh.cinch.ingress.api.RepositoryView.WebhookView;
import sh.cinch.ingress.connect.ConnectOrder;
import sh.cinch.ingress.connect.ConnectParts;
import sh.cinch.ingress.connect.Connected;
import sh.cinch.ingress.connect.Connecting;
import sh.cinch.ingress.connect.Disconnecting;
import sh.cinch.ingress.connect.HookUrls;
import sh.cinch.ingress.connect.UnusedCredentials;
import sh.cinch.ingress.connect.Words;
import sh.cinch.ingress.connection.Connection;
import sh.cinch.ingress.connection.Connections;
import sh.cinch.ingress.credential.PastedToken;
import sh.cinch.ingress.credential.Storing;
import sh.cinch.ingress.credential.TokenService;
import sh.cinch.ingress.hook.Hooks;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;

/** Repositories: connect with a pasted token, list, look at, disconnect. */
final class RepositoryOperations {

  private final Rights rights;
  private final Connections connections;
  private final Hooks hooks;
  private final HookUrls urls;
  private final TokenService tokenService;
  private final Connecting connecting;
  private final Disconnecting disconnecting;
  private final UnusedCredentials unused;

  RepositoryOperations(Rights rights, ConnectParts parts) {
    this.rights = rights;
    this.connections = parts.connections();
    this.hooks = parts.hooks();
    this.urls = parts.urls();
    this.tokenService = parts.tokenService();
    this.connecting = parts.connecting();
    this.disconnecting = parts.disconnecting();
    this.unused = parts.unused();
  }

  /** A list does not ask the token-service about each: their states are told one by one. */
  ApiReply list(ApiCall call) {
    return ApiReply.ok(
        ApiReply.Listing.of(
            connections.page(rights.sieve(call.caller()), call.limit(), call.cursor()),
            connection ->
                view(connection, connection.credential().map(CredentialView::of), List.of())));
  }

  ApiReply show(ApiCall call) {
    Connection connection = rights.visible(call.caller(), call.id());
    Optional<CredentialView> credential =
        connection
            .credential()
            .map(
                used ->
                    tokenService
                        .find(used.id())
                        .map(CredentialView::of)
                        .orElseGet(() -> CredentialView.of(used)));
    return ApiReply.ok(view(connection, credential, List.of(Words.MERGE_BLOCKING)));
  }

  ApiReply connect(ApiCall call) {
    rights.connecting(call.caller());
    JsonObject body = call.body();
    RepositoryAddress address =
        RepositoryAddress.parse(body.getString("fullName"))
            .orElseThrow(
                () ->
                    new Problem(
                        400,
                        "Malformed request",
                        "'fullName' is written workspace/repository, as in Bitbucket's address."));
    PastedToken pasted =
        new PastedToken(
            body.getString("forge"),
            body.getString("fullName"),
            Secret.of(body.getString("token")),
            Optional.ofNullable(body.getString("email")));
    boolean replace = call.query("replace").map(Boolean::valueOf).orElse(false);
    Connected connected =
        switch (tokenService.store(pasted)) {
          case Storing.Refused(String why) -> throw new Problem(422, "Token refused", why);
          case Storing.Away(String why) -> throw new Problem(503, "Not now", why);
          case Storing.Stored(var credential, boolean isNew) ->
              connected(
                  new ConnectOrder(
                      address, credential, body.getBoolean("allowUnsigned", false), replace));
        };
    return ApiReply.of(connected.isNew() ? 201 : 200, RepositoryView.of(connected, urls));
  }

  ApiReply disconnect(ApiCall call) {
    Connection connection = rights.administered(call.caller(), call.id());
    return ApiReply.ok(
        new Disconnected(
            connection.id(),
            Connection.State.DISCONNECTED.word(),
            disconnecting.disconnect(connection)));
  }

  ApiReply newSecret(ApiCall call) {
    Connection connection = rights.administered(call.caller(), call.id());
    Optional<ManualView> manual = connecting.resecret(connection).map(ManualView::of);
    return ApiReply.ok(new Resecreted(manual.isEmpty(), manual.orElse(null)));
  }

  /** {@code installed}: whether Bitbucket has the new secret already; else it is shown here. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Resecreted(boolean installed, @Nullable ManualView manualWebhook) {}

  /** {@code warnings}: what could not be removed. */
  record Disconnected(UUID id, String state, List<String> warnings) {}

  /** A token that connected nothing is not kept. */
  private Connected connected(ConnectOrder order) {
    try {
      return connecting.connect(order);
    } catch (Problem problem) {
      unused.remove(order.credential().id());
      throw problem;
    }
  }

  private RepositoryView view(
      Connection connection, Optional<CredentialView> credential, List<String> warnings) {
    return RepositoryView.of(
        connection,
        credential,
        hooks.ofRepository(connection.id()).map(hook -> WebhookView.of(hook, urls)),
        warnings,
        Optional.empty());
  }
}
