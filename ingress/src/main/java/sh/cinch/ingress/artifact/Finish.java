package sh.cinch.ingress.artifact;

/** What became of an upload whose bytes have all come. */
public sealed interface Finish {

  record Stored(Artifact artifact) implements Finish {}

  /** The bytes are others than those announced; they were dropped. */
  record WrongDigest() implements Finish {}

  /** It had been quiet for too long, and another upload of the same content has gone on. */
  record TakenOver() implements Finish {}
}
