package sh.cinch.ingress.webhooks.hook;

/** What has come of one more UUID for a hook. */
public enum UuidAddition {
  /** The hook had none. */
  FIRST,

  /** The hook has one more: it was made again on the forge. */
  ONE_MORE,

  /** The hook had it already. */
  KNOWN,

  /** The hook has as many as it may. */
  TOO_MANY,

  /** It is another hook's. */
  ANOTHERS,

  /** There is no such hook any more. */
  NO_HOOK
}
