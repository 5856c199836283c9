package sh.cinch.ingress.web.pages;

import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.service.token.CredentialHealth;

/**
 * A connected repository in a list.
 *
 * @param credential where its credential is not well
 */
public record RepositoryItem(UUID id, String fullName, Badge badge, Optional<Badge> credential) {

  static RepositoryItem of(
      Connection connection, Optional<Hook> hook, Optional<CredentialHealth> standing) {
    return new RepositoryItem(
        connection.id(),
        connection.fullName(),
        connection.isConnected()
            ? hook.map(
                    there -> Badge.ofWebhook(there.managed(), there.lastDeliveryAt().isPresent()))
                .orElseGet(() -> Badge.incomplete("connected without a webhook"))
            : Badge.incomplete(connection.state().word()),
        standing
            .filter(told -> !told.isWell())
            .flatMap(
                told ->
                    connection.credential().map(used -> Badge.ofCredential(used.kind(), told))));
  }
}
