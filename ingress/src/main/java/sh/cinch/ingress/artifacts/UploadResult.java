package sh.cinch.ingress.artifacts;

/** How an upload ended whose bytes have all come. */
public sealed interface UploadResult {

  record Stored(Artifact artifact) implements UploadResult {}

  /** The bytes are others than those announced; they were dropped. */
  record WrongDigest() implements UploadResult {}

  /** It had been quiet for too long, and another upload of the same content has gone on. */
  record TakenOver() implements UploadResult {}
}
