package sh.cinch.ingress.pushes;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a consumer has come.
 *
 * <pre>
 *   no batch open ──somebody is given one──▶ open ──its end is passed back──▶ no batch open
 *                                            │  ▲
 *                                            └──┘ given again once two minutes are over
 * </pre>
 *
 * @param position everything before it is acknowledged
 * @param open the batch that was given to somebody
 * @param version rises with each change
 */
record PushConsumer(PushCursor position, Optional<OpenBatch> open, long version, Instant usedAt) {

  /**
   * @param end where it ends, which acknowledges it
   * @param freeAt from when on somebody else may have it
   */
  record OpenBatch(PushCursor end, Instant freeAt) {}
}
