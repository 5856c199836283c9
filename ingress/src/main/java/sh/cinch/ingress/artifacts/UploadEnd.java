package sh.cinch.ingress.artifacts;

/** What became of an upload whose bytes have all come. */
public sealed interface UploadEnd {

  record Stored(Artifact artifact) implements UploadEnd {}

  /** The bytes are others than those announced; they were dropped. */
  record WrongDigest() implements UploadEnd {}

  /** It had been quiet for too long, and another upload of the same content has gone on. */
  record TakenOver() implements UploadEnd {}
}
