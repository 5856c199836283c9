package sh.cinch.ingress.webhooks;

import java.util.Optional;
import java.util.Set;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.bitbucket.webhook.WebhookSignature;
import sh.cinch.bitbucket.webhook.WebhookSignature.Check;
import sh.cinch.ingress.webhooks.hook.KnownHook;

/** Decides whether a delivery through a known hook is believed: its UUID, then the signature. */
final class DeliveryVerifier {

  private DeliveryVerifier() {}

  static Verification verify(KnownHook hook, Delivery delivery) {
    Optional<HookUuid> uuid = delivery.headers().hookUuid();
    if (uuid.isEmpty()) {
      return new Verification.Refused(Refusal.NO_UUID);
    }
    Verification signature = verifySignature(hook, delivery);
    return couldBe(hook, uuid.get()) || isSigned(signature)
        ? signature
        : new Verification.Refused(Refusal.UNKNOWN_UUID);
  }

  private static boolean couldBe(KnownHook known, HookUuid uuid) {
    Set<HookUuid> uuids = known.hook().uuids();
    return uuids.isEmpty() || uuids.contains(uuid);
  }

  /** Under another UUID only who has the secret is believed: the hook was made again then. */
  private static boolean isSigned(Verification verification) {
    return verification instanceof Verification.Genuine genuine && genuine.signed();
  }

  private static Verification verifySignature(KnownHook hook, Delivery delivery) {
    Check check =
        WebhookSignature.verify(
            delivery.headers().signature(), delivery.body(), hook.keysAt(delivery.receivedAt()));
    return switch (check) {
      case Check.Valid valid -> new Verification.Genuine(hook, true);
      case Check.Refused(WebhookSignature.Reason reason) ->
          switch (reason) {
            case MISSING ->
                hook.hook().allowUnsigned()
                    ? new Verification.Genuine(hook, false)
                    : new Verification.Refused(Refusal.NO_SIGNATURE);
            case MALFORMED -> new Verification.Refused(Refusal.MALFORMED_SIGNATURE);
            case MISMATCH -> new Verification.Refused(Refusal.WRONG_SIGNATURE);
          };
    };
  }
}
