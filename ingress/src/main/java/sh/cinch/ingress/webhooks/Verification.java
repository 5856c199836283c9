package sh.cinch.ingress.webhooks;

import sh.cinch.ingress.webhooks.hook.KnownHook;

/** Whether a delivery is believed. */
sealed interface Verification {

  /**
   * It comes from whoever has the hook's secret.
   *
   * @param signed false where the hook takes deliveries without a signature, and it had none
   */
  record Genuine(KnownHook hook, boolean signed) implements Verification {}

  record Refused(Refusal why) implements Verification {}
}
