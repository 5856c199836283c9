package sh.cinch.ingress.web.api;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.ingress.connecting.Connected;
import sh.cinch.ingress.connecting.ManualWebhook;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.upkeep.HookNote;
import sh.cinch.ingress.reconciler.LastLooks.LastLook;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.ingress.webhooks.hook.SeenUuid;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.service.token.CredentialHealth;
import sh.cinch.service.token.StoredCredential;

/** A repository as the API shows it. */
record RepositoryView(
    UUID id,
    String forge,
    String fullName,
    String uuid,
    String state,
    Instant since,
    @Nullable CredentialView credential,
    @Nullable WebhookView webhook,
    @Nullable LookView lastLook,
    List<String> warnings,
    @Nullable ManualView manualWebhook) {

  /** {@code lastLook}, only where one repository is shown: at what no delivery may have brought. */
  record LookView(
      Instant at, int missed, Instant nextAt, long roundSeconds, long foundWithinSeconds) {
    static LookView of(LastLook look) {
      return new LookView(
          look.at(),
          look.missed(),
          look.next(),
          look.round().toSeconds(),
          look.within().toSeconds());
    }
  }

  /**
   * {@code reason}: what speaks against it, also where it is healthy still. {@code scopes}: only
   * where the token-service was asked about it, which a list does not.
   */
  record CredentialView(
      UUID id,
      String kind,
      @Nullable List<String> scopes,
      String state,
      @Nullable String reason,
      @Nullable Instant expiresAt) {

    static CredentialView of(StoredCredential credential) {
      return of(
          credential.id(),
          credential.kind(),
          credential.scopes(),
          Optional.of(credential.health()));
    }

    /**
     * @param health empty where nobody has said yet
     */
    static CredentialView of(Connection.Used used, Optional<CredentialHealth> health) {
      return of(used.id(), used.kind(), null, health);
    }

    private static CredentialView of(
        UUID id, String kind, @Nullable List<String> scopes, Optional<CredentialHealth> health) {
      return new CredentialView(
          id,
          kind,
          scopes,
          health.map(CredentialHealth::state).map(CredentialEvent.State::word).orElse("unknown"),
          health.flatMap(CredentialHealth::reason).orElse(null),
          health.flatMap(CredentialHealth::expiresAt).orElse(null));
    }
  }

  /**
   * {@code state}: {@code waiting} until something genuine has come through it, and while nothing
   * can. {@code uuids} and {@code notes}: only where one repository is shown.
   */
  record WebhookView(
      UUID id,
      URI url,
      boolean managed,
      String state,
      @Nullable List<UuidView> uuids,
      @Nullable List<NoteView> notes) {
    static WebhookView of(Hook hook, HookUrls urls) {
      return new WebhookView(
          hook.id(),
          urls.of(hook.id()),
          hook.managed(),
          hook.isHealthy() ? "healthy" : "waiting",
          null,
          null);
    }

    WebhookView with(List<SeenUuid> seen, List<HookNote> known) {
      return new WebhookView(
          id,
          url,
          managed,
          state,
          seen.stream().map(UuidView::of).toList(),
          known.isEmpty()
              ? null
              : known.stream().map(note -> new NoteView(note.text(), note.at())).toList());
    }
  }

  /** What its people should know, and when that was. */
  record NoteView(String text, Optional<Instant> at) {}

  /** A webhook of the forge that delivers through ours. */
  record UuidView(String uuid, Optional<Instant> firstSeenAt, Optional<Instant> lastSeenAt) {
    static UuidView of(SeenUuid seen) {
      return new UuidView(seen.uuid().value(), seen.firstSeenAt(), seen.lastSeenAt());
    }
  }

  /** The one answer that shows a secret. */
  record ManualView(URI url, String secret, List<String> events) {
    static ManualView of(ManualWebhook manual) {
      return new ManualView(manual.url(), manual.secret().reveal(), manual.events());
    }

    @Override
    public String toString() {
      return "ManualView[url=%s]".formatted(url);
    }
  }

  static RepositoryView of(
      Connection connection,
      Optional<CredentialView> credential,
      Optional<WebhookView> webhook,
      Optional<LookView> lastLook,
      List<String> warnings,
      Optional<ManualView> manual) {
    return new RepositoryView(
        connection.id(),
        connection.forge(),
        connection.fullName(),
        connection.uuid(),
        connection.state().word(),
        connection.since(),
        credential.orElse(null),
        webhook.orElse(null),
        lastLook.orElse(null),
        warnings,
        manual.orElse(null));
  }

  static RepositoryView of(Connected connected, HookUrls urls) {
    return of(
        connected.connection(),
        Optional.of(CredentialView.of(connected.credential())),
        Optional.of(WebhookView.of(connected.hook(), urls)),
        Optional.empty(),
        connected.warnings(),
        connected.manual().map(ManualView::of));
  }
}
