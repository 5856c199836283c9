package sh.cinch.ingress.connecting;

/** The end, or not, of a credential that lost a repository. */
enum Removal {
  /** The token-service keeps nothing of it. */
  ERASED,
  /** The token-service is away; it is erased once that is back. */
  OWED,
  /** What it began is finished with it, for a day at most; then the token-service erases it. */
  KEPT,
  /** Another repository is connected with it. */
  IN_USE,
  /** No repository is, but its owner is signed in with it. */
  SIGNED_IN
}
