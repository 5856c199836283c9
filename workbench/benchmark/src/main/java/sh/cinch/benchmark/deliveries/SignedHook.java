package sh.cinch.benchmark.deliveries;

import java.util.UUID;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import sh.cinch.benchmark.load.Request;

/**
 * A hook of a repository, and what is delivered through it.
 *
 * @param uuid Bitbucket's, of the hook
 * @param signature of the body
 */
record SignedHook(UUID id, UUID uuid, String body, String signature) {

  static SignedHook of(UUID id, UUID uuid, String secret, String body) {
    return new SignedHook(
        id, uuid, body, new HmacUtils(HmacAlgorithms.HMAC_SHA_256, secret).hmacHex(body));
  }

  Request delivery(int port) {
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
            .formatted(uuid, Request.ID, signature),
        body);
  }
}
