package sh.cinch.statusworker.board;

/** What a report that arrived means for its status. */
public sealed interface Recorded {

  /** It is what the status should show. */
  record Newer() implements Recorded {}

  /** Something newer is known already. */
  record Superseded() implements Recorded {}

  /** It had been recorded before; nothing changed. */
  record Repeated() implements Recorded {}
}
