package sh.cinch.statusworker.statuses;

/** What a report that arrived means for its status. */
public sealed interface ReportResult {

  /** It is what the status should show. */
  record Newer() implements ReportResult {}

  /** Something newer is known already. */
  record Superseded() implements ReportResult {}

  /** It had been recorded before; nothing changed. */
  record Repeated() implements ReportResult {}
}
