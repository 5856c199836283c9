package sh.cinch.ingress.artifacts;

import java.io.InputStream;

/** The bytes of an artifact, or why there are none. */
sealed interface ReadResult {

  /** The caller closes it. */
  record Bytes(InputStream bytes, long size) implements ReadResult {}

  /** Never there, or another repository's. */
  record Unknown() implements ReadResult {}

  /** It was there: expired or removed. */
  record Gone() implements ReadResult {}

  /** It should be there, and the store does not have it. */
  record Missing() implements ReadResult {}
}
