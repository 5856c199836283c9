package sh.cinch.ingress.webhooks.publish;

/** Whether a push is kept as a whole, and where; if not, the forge must try again. */
public enum Publication {
  /** Kafka has acknowledged every event. */
  PUBLISHED,
  /** The outbox has every event, and Kafka will. */
  IN_OUTBOX,
  /** Neither has all of them. Some may be on their way: a retry must give them the same ids. */
  NO_ROOM
}
