package sh.cinch.ingress.running;

import java.net.URI;
import java.util.Map;
import java.util.UUID;
import sh.cinch.service.secret.Secret;

/**
 * A repository with a hook.
 *
 * @param forgeHook what the hook's deliveries carry as X-Hook-UUID
 */
public record Connected(
    UUID repository,
    String uuid,
    String fullName,
    UUID hook,
    UUID forgeHook,
    Secret secret,
    URI url) {

  public byte[] push(Bodies.Change... changes) {
    return Bodies.push(uuid, fullName, changes);
  }

  /** A delivery as Bitbucket makes it, signed, its first attempt. */
  public Post delivery(byte[] body) {
    return new Post(
            url,
            body,
            Map.of(
                "Content-Type", "application/json",
                "X-Event-Key", "repo:push",
                "X-Hook-UUID", forgeHook.toString(),
                "X-Request-UUID", UUID.randomUUID().toString(),
                "X-Attempt-Number", "1"))
        .signed(secret);
  }
}
