package sh.cinch.ingress.connecting;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.upkeep.HookAttention;
import sh.cinch.ingress.connecting.upkeep.WantedHook;
import sh.cinch.ingress.forge.ForgeAnswers;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;

/**
 * The one way to connect a repository, for pages and API alike. Each step can be repeated: a try
 * that breaks off is mended by the next.
 */
public final class RepositoryConnector {

  private static final Logger log = LoggerFactory.getLogger(RepositoryConnector.class);

  private final Forge forge;
  private final Connections connections;
  private final Hooks hooks;
  private final HookUrls urls;
  private final HookAttention attention;
  private final WebhookInstaller installer;
  private final Administration administration;
  private final Takeover takeover;
  private final UnusedCredentials unused;
  private final Runnable told;

  RepositoryConnector(
      Forge forge,
      Connections connections,
      Hooks hooks,
      HookUrls urls,
      HookAttention attention,
      Administration administration,
      Takeover takeover,
      UnusedCredentials unused,
      Runnable told) {
    this.forge = forge;
    this.connections = connections;
    this.hooks = hooks;
    this.urls = urls;
    this.attention = attention;
    this.installer = new WebhookInstaller(forge, hooks, urls, attention);
    this.administration = administration;
    this.takeover = takeover;
    this.unused = unused;
    this.told = told;
  }

  /**
   * @throws Problem where it cannot be connected: 403 to whoever does not administer it, 409 where
   *     its present credential stands in the way, 422 where Bitbucket refuses, 503 where it is away
   */
  public Connected connect(ConnectOrder order) {
    UUID credential = order.credential().id();
    Found repository =
        ForgeAnswers.valueOf(
            forge
                .open(ForgeCaller.once(credential, Purpose.CONNECTING))
                .repositories()
                .find(order.repository()),
            "Bitbucket does not show %s to this account or token: check the name and its scopes (repository, webhook)."
                .formatted(order.repository()));
    administration.prove(order, repository);
    Connection before =
        connections.begin(forge.site().forge(), repository.uuid(), repository.fullName());
    takeover.check(before, order);
    Installed installed = installer.install(before.id(), ForgeRepository.of(repository), order);
    attend(installed);
    Hook hook =
        hooks.ofRepository(before.id()).orElseThrow(() -> new IllegalStateException("hook gone"));
    Set<UUID> former = former(before, order.forget());
    Connection after =
        connections.connected(before.id(), repository, order.credential(), hook, order.forget());
    told.run();
    former.stream().filter(id -> !id.equals(credential)).forEach(unused::release);
    log.info("connected repository={} hook={} managed={}", after.id(), hook.id(), hook.managed());
    return connected(before, after, order, hook, installed);
  }

  /**
   * What it is connected with until now; and what is kept of before, where that is to be erased.
   */
  private Set<UUID> former(Connection before, boolean all) {
    Set<UUID> former = new LinkedHashSet<>();
    if (all) {
      former.addAll(connections.formerCredentials(before.id()));
    }
    before.credential().map(Connection.Used::id).ifPresent(former::add);
    return former;
  }

  /** Before others are told of it: it is as it is to be. */
  private void attend(Installed installed) {
    switch (installed) {
      case Installed.OnForge(UUID hookId) -> attention.made(hookId, true, urls.address());
      case Installed.ByHand(UUID hookId, var secret) -> {
        if (secret.isPresent()) {
          attention.made(hookId, false, urls.address());
        }
      }
    }
  }

  private Connected connected(
      Connection before, Connection after, ConnectOrder order, Hook hook, Installed installed) {
    Optional<ManualWebhook> manual =
        switch (installed) {
          case Installed.OnForge(UUID id) -> Optional.empty();
          case Installed.ByHand(UUID id, var secret) ->
              secret.map(shown -> new ManualWebhook(urls.of(id), shown, WantedHook.EVENTS));
        };
    List<String> warnings = new ArrayList<>();
    if (!order.repository().fullName().equalsIgnoreCase(after.fullName())) {
      warnings.add(
          "%s is called %s by now; both names are understood."
              .formatted(order.repository().fullName(), after.fullName()));
    }
    if (manual.isPresent()) {
      warnings.add(Words.MANUAL_WEBHOOK);
    }
    CredentialWords.warning(after, order.credential().health()).ifPresent(warnings::add);
    if (hook.allowUnsigned()) {
      warnings.add(Words.UNSIGNED);
    }
    warnings.add(Words.MERGE_BLOCKING);
    return new Connected(after, order.credential(), hook, !before.isConnected(), warnings, manual);
  }

  /**
   * A new secret for its webhook.
   *
   * @return what to enter by hand; empty where Cinch told Bitbucket itself
   */
  public Optional<ManualWebhook> resecret(Connection connection) {
    Hook hook = hooks.ofRepository(connection.id()).orElseThrow(RepositoryConnector::notConnected);
    UUID credential =
        connection
            .credential()
            .map(Connection.Used::id)
            .orElseThrow(RepositoryConnector::notConnected);
    Secret secret = installer.resecret(hook, credential, connection.address());
    log.info("new webhook secret repository={} hook={}", connection.id(), hook.id());
    if (hook.managed()) {
      return Optional.empty();
    }
    attention.made(hook.id(), false, urls.address());
    return Optional.of(new ManualWebhook(urls.of(hook.id()), secret, WantedHook.EVENTS));
  }

  private static Problem notConnected() {
    return new Problem(409, "Not connected", "The repository is not connected.");
  }
}
