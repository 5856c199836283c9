package sh.cinch.ingress.webhook;

import sh.cinch.ingress.hook.KnownHook;

/** Whether a delivery is believed. */
sealed interface Verdict {

  /**
   * It comes from whoever has the hook's secret.
   *
   * @param signed false where the hook takes deliveries without a signature, and it had none
   */
  record Genuine(KnownHook hook, boolean signed) implements Verdict {}

  record Refused(Answer answer) implements Verdict {}
}
