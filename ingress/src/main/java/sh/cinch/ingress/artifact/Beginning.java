package sh.cinch.ingress.artifact;

/** What is answered to whoever wants to bring a content, before its bytes are read. */
public sealed interface Beginning {

  /** It is here already, and stays for as long as if it had just come. */
  record Stored(Artifact artifact) implements Beginning {}

  /** The bytes may come; the caller closes it. */
  record Ready(Upload upload) implements Beginning {}

  /**
   * The sender wants to go on elsewhere than where it broke off.
   *
   * @param stored bytes that are here
   */
  record Elsewhere(long stored) implements Beginning {}

  /** It is being uploaded just now. */
  record Busy(long stored) implements Beginning {}

  /** What has this digest has another size. */
  record OtherSize(long size) implements Beginning {}

  record TooLarge(long largest) implements Beginning {}

  /**
   * @param used bytes of the repository's other artifacts, those that are still being uploaded
   *     included
   */
  record OverQuota(long used, long quota) implements Beginning {}
}
