package sh.cinch.benchmark.deliveries;

import java.util.UUID;
import sh.cinch.benchmark.load.Request;

/**
 * A hook of a repository, and what is delivered through it.
 *
 * @param uuid Bitbucket's, of the hook
 * @param secret that bodies are signed with
 */
record SignedHook(UUID id, UUID uuid, String secret, String body) {

  Request delivery(int port) {
    return delivery(port, id.toString());
  }

  /** To who asks nothing of it: what the others are sent goes on where they had come to. */
  Request deliveryToBare(int port) {
    return delivery(port, "bare-" + id);
  }

  private Request delivery(int port, String branch) {
    return Request.post(
            port,
            "/webhooks/bitbucket/" + id,
            """
            User-Agent: Bitbucket-Webhooks/2.0\r
            X-Event-Key: repo:push\r
            X-Hook-UUID: %s\r
            X-Request-UUID: %s\r
            X-Attempt-Number: 1\r
            X-Hub-Signature: sha256=%s\r
            """
                .formatted(uuid, Request.ID, Request.Push.SIGNATURE),
            body)
        .pushing(new Request.Push(branch, secret));
  }
}
