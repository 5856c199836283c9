package sh.cinch.statusworker.history;

/**
 * What is not as the contract says.
 *
 * @param story how to see it again, what was told, and what was posted
 */
record Finding(Kind kind, long seed, String what, String story) {

  enum Kind {
    /** A status shows something else than the newest of its builds. */
    STATE,
    /** Name, address or branch are not what was told. */
    TEXT,
    /** A status is not there. */
    MISSING,
    /** There is a status that nothing that was told asks for. */
    STRAY,
    /** A post that was not the newest, or went back, and no request of unknown end excuses it. */
    BACKWARDS,
    /** A branch was named in one post and another one, or none, in the next. */
    REFNAME,
    /** A bad record is no dead letter, or a good one is. */
    DEAD_LETTER,
    /** It does not come to an end. */
    STUCK
  }

  @Override
  public String toString() {
    return "%s: %s%n%s%nAgain with -Dcinch.history.seed=%d".formatted(kind, what, story, seed);
  }
}
