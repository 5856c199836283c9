package sh.cinch.ingress.webhooks.hook;

import java.util.UUID;
import sh.cinch.bitbucket.webhook.HookUuid;

/** How a delivery says which hook it comes through. */
public sealed interface HookName {

  /** For the log. */
  String text();

  /** By the last part of the URL. */
  record ById(UUID id) implements HookName {
    @Override
    public String text() {
      return id.toString();
    }
  }

  /** By {@code X-Hook-UUID} alone. */
  record ByForgeUuid(HookUuid uuid) implements HookName {
    @Override
    public String text() {
      return uuid.value();
    }
  }
}
