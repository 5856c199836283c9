package sh.cinch.ingress.webhooks.publish;

/** What became of a push: it is kept as a whole, or the forge must try again. */
public sealed interface Publication {

  /** Kafka has acknowledged every event. */
  record Published() implements Publication {}

  /** The outbox has every event, and Kafka will. */
  record Spooled() implements Publication {}

  /** Neither has all of them. Some may be on their way: a retry must give them the same ids. */
  record NoRoom() implements Publication {}
}
