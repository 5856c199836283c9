package sh.cinch.ingress.webhook;

import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.bitbucket.webhook.WebhookSignature;
import sh.cinch.bitbucket.webhook.WebhookSignature.Check;
import sh.cinch.ingress.hook.KnownHook;
import sh.cinch.ingress.hook.Lookup;

/** Decides whether a delivery is believed: first the hook, then its UUID, then the signature. */
final class DeliveryVerifier {

  private DeliveryVerifier() {}

  static Verdict verify(Lookup lookup, Delivery delivery) {
    return switch (lookup) {
      case Lookup.Known(KnownHook hook) -> verify(hook, delivery);
      case Lookup.Unknown() -> new Verdict.Refused(Answer.UNKNOWN_HOOK);
      case Lookup.CannotKnow() -> new Verdict.Refused(Answer.CANNOT_KNOW);
    };
  }

  private static Verdict verify(KnownHook hook, Delivery delivery) {
    return delivery.headers().hookUuid().filter(uuid -> couldBe(hook, uuid)).isEmpty()
        ? new Verdict.Refused(Answer.WRONG_UUID)
        : verifySignature(hook, delivery);
  }

  private static boolean couldBe(KnownHook known, HookUuid uuid) {
    return known.hook().forgeUuid().map(uuid::equals).orElse(true);
  }

  private static Verdict verifySignature(KnownHook hook, Delivery delivery) {
    Check check =
        WebhookSignature.verify(
            delivery.headers().signature(), delivery.body(), hook.keysAt(delivery.receivedAt()));
    return switch (check) {
      case Check.Valid valid -> new Verdict.Genuine(hook, true);
      case Check.Refused(WebhookSignature.Reason reason) ->
          switch (reason) {
            case MISSING ->
                hook.hook().allowUnsigned()
                    ? new Verdict.Genuine(hook, false)
                    : new Verdict.Refused(Answer.NO_SIGNATURE);
            case MALFORMED -> new Verdict.Refused(Answer.MALFORMED_SIGNATURE);
            case MISMATCH -> new Verdict.Refused(Answer.WRONG_SIGNATURE);
          };
    };
  }
}
