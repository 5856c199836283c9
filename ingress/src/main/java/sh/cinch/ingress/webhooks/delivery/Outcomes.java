package sh.cinch.ingress.webhooks.delivery;

import java.util.Set;

/** Outcomes in the log that others than who answers have to know. */
public final class Outcomes {

  public static final String SPOOLED = "spooled";
  public static final String SAME_PUSH = "same-push";

  /** Until it is known whether it is to be published. */
  public static final String HELD = "held";

  public static final String NO_ROOM_TO_HOLD = "no-room-to-hold";

  /** It was held, and is not published. */
  public static final String DROPPED = "dropped";

  /** They say nothing of when a body last came as that of a push. */
  static final Set<String> NOT_COUNTED = Set.of(SAME_PUSH, HELD, NO_ROOM_TO_HOLD, DROPPED);

  private Outcomes() {}
}
