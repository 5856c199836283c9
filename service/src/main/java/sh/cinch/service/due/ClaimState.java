package sh.cinch.service.due;

/** How an attempt that ended stands to its row. */
public enum ClaimState {
  /** What was attempted is still what is wanted. */
  CURRENT,
  /** Something newer has come meanwhile, and waits for this attempt to end. */
  OVERTAKEN,
  /** The claim had run out, and somebody else took the row. */
  LOST
}
