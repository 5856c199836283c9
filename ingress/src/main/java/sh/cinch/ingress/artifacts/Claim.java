package sh.cinch.ingress.artifacts;

import java.util.UUID;

/** Whether a caller may be the one who uploads a content. */
sealed interface Claim {

  /**
   * @param number one more than the claim before it
   * @param settled whether the one before has surely stopped writing
   */
  record Granted(UUID id, long number, boolean settled) implements Claim {}

  record Stored(Artifact artifact) implements Claim {}

  record Busy(UUID id) implements Claim {}

  record Refused(UploadStart why) implements Claim {}
}
