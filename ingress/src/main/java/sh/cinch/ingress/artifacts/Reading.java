package sh.cinch.ingress.artifacts;

import java.io.InputStream;

/** What is answered to whoever wants the bytes of an artifact. */
sealed interface Reading {

  /** The caller closes it. */
  record Bytes(InputStream bytes, long size) implements Reading {}

  /** Never there, or another repository's. */
  record Unknown() implements Reading {}

  /** It was there: expired or removed. */
  record Gone() implements Reading {}

  /** It should be there, and the store does not have it. */
  record Missing() implements Reading {}
}
