package sh.cinch.ingress.artifacts;

import java.io.IOException;

/** The store cannot take any more bytes. What it has stays. */
public final class NoSpaceException extends IOException {

  private static final long serialVersionUID = 1;

  public NoSpaceException(String message) {
    super(message);
  }
}
