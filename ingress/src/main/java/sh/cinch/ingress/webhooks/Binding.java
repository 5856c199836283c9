package sh.cinch.ingress.webhooks;

import sh.cinch.ingress.webhooks.hook.KnownHook;

/** Whether the hook of a genuine delivery is the forge's hook that it comes from. */
sealed interface Binding {

  /** It is, by now at least. */
  record Bound(KnownHook hook) implements Binding {}

  record Refused(Refusal why) implements Binding {}

  /** Nobody can say: PostgreSQL is away, or the hook has just been removed. */
  record Unknown(DeliveryResponse answer) implements Binding {}
}
