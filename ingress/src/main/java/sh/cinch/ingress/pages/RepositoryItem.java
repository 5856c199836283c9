package sh.cinch.ingress.pages;

import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.connection.Connection;
import sh.cinch.ingress.hook.Hook;

/** A connected repository in a list. */
public record RepositoryItem(UUID id, String fullName, Badge badge) {

  static RepositoryItem of(Connection connection, Optional<Hook> hook) {
    return new RepositoryItem(
        connection.id(),
        connection.fullName(),
        connection.isConnected()
            ? hook.map(
                    there -> Badge.ofWebhook(there.managed(), there.lastDeliveryAt().isPresent()))
                .orElseGet(() -> Badge.incomplete("connected without a webhook"))
            : Badge.incomplete(connection.state().word()));
  }
}
