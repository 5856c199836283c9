package sh.cinch.ingress.artifacts;

/** Whether the bytes of a content may come, answered before any is read. */
public sealed interface UploadStart {

  /** It is here already, and stays for as long as if it had just come. */
  record Stored(Artifact artifact) implements UploadStart {}

  /** The bytes may come; the caller closes it. */
  record Ready(Upload upload) implements UploadStart {}

  /**
   * The sender wants to go on elsewhere than where it broke off.
   *
   * @param stored bytes that are here
   */
  record Elsewhere(long stored) implements UploadStart {}

  /** It is being uploaded just now. */
  record Busy(long stored) implements UploadStart {}

  /** What has this digest has another size. */
  record OtherSize(long size) implements UploadStart {}

  record TooLarge(long largest) implements UploadStart {}

  /**
   * @param used bytes of the repository's other artifacts, those that are still being uploaded
   *     included
   */
  record OverQuota(long used, long quota) implements UploadStart {}
}
