package sh.cinch.ingress.webhooks;

import sh.cinch.ingress.webhooks.hook.KnownHook;

/** What is found out of a delivery by its bytes alone: the larger it is, the longer that takes. */
sealed interface ReadDelivery {

  record Refused(KnownHook hook, Refusal why) implements ReadDelivery {}

  record Believed(Verification.Genuine genuine, Content content) implements ReadDelivery {}

  static ReadDelivery of(KnownHook hook, Delivery delivery) {
    return switch (DeliveryVerifier.verify(hook, delivery)) {
      case Verification.Refused(Refusal why) -> new Refused(hook, why);
      case Verification.Genuine genuine ->
          new Believed(genuine, Content.read(delivery, hook.repository()));
    };
  }
}
