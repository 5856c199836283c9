package sh.cinch.ingress.connecting;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.SeenUuid;
import sh.cinch.service.http.Problem;

/** Which of Bitbucket's webhooks deliver for a repository, for people who look and tidy up. */
public final class WebhookUuids {

  private static final Logger log = LoggerFactory.getLogger(WebhookUuids.class);

  private final Connections connections;
  private final Hooks hooks;
  private final Runnable told;

  WebhookUuids(Connections connections, Hooks hooks, Runnable told) {
    this.connections = connections;
    this.hooks = hooks;
    this.told = told;
  }

  /** The newest first; none where the repository is not connected. */
  public List<SeenUuid> of(Connection connection) {
    return hooks.ofRepository(connection.id()).map(hooks::uuids).orElse(List.of());
  }

  /**
   * @param text with braces or without
   * @throws Problem 400 where it is none, 404 where the webhook has no such one, 409 where it has
   *     no other
   */
  public void remove(Connection connection, String text) {
    HookUuid uuid =
        HookUuid.parse(text)
            .orElseThrow(
                () ->
                    new Problem(
                        400,
                        "Malformed request",
                        "A webhook's UUID as Bitbucket gives them is expected."));
    switch (hooks
        .ofRepository(connection.id())
        .map(hook -> hooks.removeUuid(hook.id(), uuid))
        .orElseThrow(WebhookUuids::none)) {
      case REMOVED -> {
        connections.hookChanged(connection.id());
        told.run();
        log.info("removed webhook uuid repository={} uuid={}", connection.id(), uuid.value());
      }
      case ONLY_ONE ->
          throw new Problem(
              409,
              "The only one",
              "The repository's webhook has no other UUID. To end its pushes, disconnect the"
                  + " repository; to shut out whoever has the secret, make a new one.");
      case NONE -> throw none();
    }
  }

  private static Problem none() {
    return new Problem(404, "No such webhook", "The repository's webhook has no such UUID.");
  }
}
