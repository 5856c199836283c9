package sh.cinch.ingress.connecting;

import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.ApiError;
import sh.cinch.bitbucket.client.Done;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.forge.Forge;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.due.Loop;
import sh.cinch.service.http.Problem;

/**
 * Disconnects a repository: the hook first, the credential last. While Bitbucket is away the
 * repository stays half disconnected, and doing it again goes on from there.
 */
public final class RepositoryDisconnector {

  private static final Logger log = LoggerFactory.getLogger(RepositoryDisconnector.class);
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final Forge forge;
  private final Connections connections;
  private final Hooks hooks;
  private final HookUrls urls;
  private final UnusedCredentials unused;
  private final Loop drain;

  RepositoryDisconnector(
      Forge forge,
      Connections connections,
      Hooks hooks,
      HookUrls urls,
      UnusedCredentials unused,
      Loop drain) {
    this.forge = forge;
    this.connections = connections;
    this.hooks = hooks;
    this.urls = urls;
    this.unused = unused;
    this.drain = drain;
  }

  /**
   * @throws Problem 503 where Bitbucket is away
   */
  public Disconnection disconnect(Connection connection) {
    connections.disconnecting(connection.id());
    Optional<Hook> hook = hooks.ofRepository(connection.id());
    Optional<String> left = hook.flatMap(there -> removeFromForge(connection, there));
    hook.ifPresent(there -> hooks.remove(there.id()));
    connections.disconnected(connection.id());
    drain.wake();
    Optional<String> note =
        connection
            .credential()
            .flatMap(used -> CredentialWords.gone(used.kind(), unused.erase(used.id())));
    log.info("disconnected repository={} complete={}", connection.id(), left.isEmpty());
    return new Disconnection(left.stream().toList(), note.stream().toList());
  }

  private Optional<String> removeFromForge(Connection connection, Hook hook) {
    Optional<String> byHand =
        Optional.of(
            "The webhook to %s is still on Bitbucket; remove it under Repository settings, Webhooks."
                .formatted(urls.of(hook.id())));
    Optional<UUID> credential = connection.credential().map(Connection.Used::id);
    if (hook.forgeUuid().isEmpty() && !hook.managed()) {
      return Optional.empty();
    }
    if (hook.forgeUuid().isEmpty() || credential.isEmpty()) {
      return byHand;
    }
    return isRemoved(
            credential.get(), RepositoryConnector.identity(connection), hook.forgeUuid().get())
        ? Optional.empty()
        : byHand;
  }

  private boolean isRemoved(UUID credential, RepositoryAddress address, HookUuid uuid) {
    try {
      return switch (forge.ask(credential, client -> client.deleteHook(address, uuid))) {
        case Answer.Ok<Done>(Done done, int status) -> true;
        case Answer.Refused<Done>(int status, ApiError error) -> status == NOT_FOUND;
        case Answer.RateLimited<Done> limited -> throw away();
        case Answer.Unavailable<Done> unavailable -> throw away();
      };
    } catch (Problem problem) {
      // A dead authorization must not keep people from leaving.
      if (problem.status() == CONFLICT) {
        return false;
      }
      throw problem;
    }
  }

  private static Problem away() {
    return new Problem(
        503, "Not now", "Bitbucket does not answer; disconnect again to go on from here.");
  }
}
