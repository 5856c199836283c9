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
 * @param unsigned whether deliveries without a signature are believed
 */
public record RepositoryItem(
    UUID id, String fullName, Badge badge, Optional<Badge> credential, boolean unsigned) {

  static RepositoryItem of(
      Connection connection, Optional<Hook> hook, Optional<CredentialHealth> health) {
    return new RepositoryItem(
        connection.id(),
        connection.fullName(),
        connection.isConnected()
            ? hook.map(Badge::ofWebhook)
                .orElseGet(() -> Badge.incomplete("connected without a webhook"))
            : Badge.incomplete(connection.state().word()),
        health
            .filter(told -> !told.isWell())
            .flatMap(
                told -> connection.credential().map(used -> Badge.ofCredential(used.kind(), told))),
        hook.filter(Hook::allowUnsigned).isPresent());
  }
}
