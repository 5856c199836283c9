package sh.cinch.ingress.webhooks.hook;

import sh.cinch.service.text.EnumWord;

/** What is wrong with a hook on the forge, as it was last looked at there. */
public enum HookTrouble {
  /** The forge does not list it. */
  MISSING(true),

  /** It is switched off. */
  INACTIVE(true),

  /** It has another URL or other events than ours, or no secret. */
  CHANGED(true),

  /** There is a further one, and each push is delivered more than once. */
  DOUBLED(false),

  /** The forge does not let Cinch look. */
  UNSEEN(false);

  private final boolean stopsDeliveries;

  HookTrouble(boolean stopsDeliveries) {
    this.stopsDeliveries = stopsDeliveries;
  }

  /** Whether pushes do not come through it, or are not believed. */
  public boolean stopsDeliveries() {
    return stopsDeliveries;
  }

  public static HookTrouble of(String word) {
    return EnumWord.constant(HookTrouble.class, word);
  }

  public String word() {
    return EnumWord.word(this);
  }
}
