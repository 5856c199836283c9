package sh.cinch.ingress.artifacts;

import sh.cinch.service.text.EnumWord;

/**
 * Where an artifact stands, in the words of its row.
 *
 * <pre>
 *              claimed           written to its end,
 *                                with the right digest
 *  (no row) ------------> PARTIAL ------------------> STORED
 *      ^                  |  |  ^                     |    |
 *      |   wrong digest   |  |  +---------------------+    |
 *      +------------------+  |   its bytes were lost       |
 *                            |                             |
 *        a day without       |                             | not needed
 *        progress, or of     |                             | for long
 *        another size        +---------> EXPIRED <---------+
 *                                           |
 *                                           | its bytes are removed
 *                                           v
 *                                        REMOVED ------> (no row)
 *                                              a month later
 * </pre>
 *
 * <p>A partial one is written by whoever has its newest claim; the claim runs out unless there is
 * progress, and the next one goes on where it stopped.
 */
enum ArtifactState {
  PARTIAL,
  STORED,
  EXPIRED,
  REMOVED;

  String word() {
    return EnumWord.word(this);
  }

  static ArtifactState of(String word) {
    return EnumWord.constant(ArtifactState.class, word);
  }
}
