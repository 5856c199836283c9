package sh.cinch.ingress.connecting;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Applied;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeHooks;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Purpose;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.upkeep.HookAttention;
import sh.cinch.ingress.forge.ForgeAnswers;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.http.Problem;

/**
 * Disconnects a repository: the hook first, the credential last. While Bitbucket is away the
 * repository stays half disconnected, and doing it again goes on from there.
 */
public final class RepositoryDisconnector {

  private static final Logger log = LoggerFactory.getLogger(RepositoryDisconnector.class);

  private final Forge forge;
  private final Connections connections;
  private final Hooks hooks;
  private final HookUrls urls;
  private final HookAttention attention;
  private final UnusedCredentials unused;
  private final Runnable told;

  RepositoryDisconnector(
      Forge forge,
      Connections connections,
      Hooks hooks,
      HookUrls urls,
      HookAttention attention,
      UnusedCredentials unused,
      Runnable told) {
    this.forge = forge;
    this.connections = connections;
    this.hooks = hooks;
    this.urls = urls;
    this.attention = attention;
    this.unused = unused;
    this.told = told;
  }

  /**
   * @throws Problem 503 where Bitbucket is away
   */
  public Disconnection disconnect(Connection connection) {
    connections.disconnecting(connection.id());
    Optional<Hook> hook = hooks.ofRepository(connection.id());
    Optional<String> left = hook.flatMap(there -> removeFromForge(connection, there));
    hook.ifPresent(there -> hooks.remove(there.id()));
    List<UUID> former = connections.formerCredentials(connection.id());
    connections.disconnected(connection.id());
    told.run();
    former.forEach(unused::release);
    Optional<String> note =
        connection
            .credential()
            .flatMap(used -> CredentialWords.gone(used.kind(), unused.release(used.id())));
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
    List<String> further =
        FurtherHooks.of(
            hooksOnForge(credential.get()),
            connection.address(),
            hook,
            attention.ofRepository(connection.id()));
    boolean complete =
        Stream.concat(Stream.of(hook.forgeUuid().get().value()), further.stream())
            .filter(id -> !isRemoved(credential.get(), connection.address(), id))
            .toList()
            .isEmpty();
    return complete ? Optional.empty() : byHand;
  }

  private ForgeHooks hooksOnForge(UUID credential) {
    return forge.open(ForgeCaller.once(credential, Purpose.CONNECTING)).hooks();
  }

  /** A dead authorization must not keep people from leaving. */
  private boolean isRemoved(UUID credential, ForgeRepository repository, String id) {
    ForgeResult<Applied> result = hooksOnForge(credential).delete(repository, id);
    if (ForgeAnswers.isAway(result)) {
      throw away();
    }
    return result instanceof ForgeResult.Done;
  }

  private static Problem away() {
    return new Problem(
        503, "Not now", "Bitbucket does not answer; disconnect again to go on from here.");
  }
}
