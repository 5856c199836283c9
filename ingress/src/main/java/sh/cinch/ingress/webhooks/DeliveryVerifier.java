package sh.cinch.ingress.webhooks;

import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.bitbucket.webhook.WebhookSignature;
import sh.cinch.bitbucket.webhook.WebhookSignature.Check;
import sh.cinch.ingress.webhooks.hook.KnownHook;

/** Decides whether a delivery through a known hook is believed: its UUID, then the signature. */
final class DeliveryVerifier {

  private DeliveryVerifier() {}

  static Verification verify(KnownHook hook, Delivery delivery) {
    return delivery.headers().hookUuid().filter(uuid -> couldBe(hook, uuid)).isEmpty()
        ? new Verification.Refused(DeliveryResponse.WRONG_UUID)
        : verifySignature(hook, delivery);
  }

  private static boolean couldBe(KnownHook known, HookUuid uuid) {
    return known.hook().forgeUuid().map(uuid::equals).orElse(true);
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
                    : new Verification.Refused(DeliveryResponse.NO_SIGNATURE);
            case MALFORMED -> new Verification.Refused(DeliveryResponse.MALFORMED_SIGNATURE);
            case MISMATCH -> new Verification.Refused(DeliveryResponse.WRONG_SIGNATURE);
          };
    };
  }
}
