package sh.cinch.cli.server;

/** Why it was not done, in words for the person who typed the command. */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1;

  public Refusal(String message) {
    super(message, null, false, false);
  }
}
