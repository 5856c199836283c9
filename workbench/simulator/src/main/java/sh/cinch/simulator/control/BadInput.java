package sh.cinch.simulator.control;

/** A control call that makes no sense; the message says why. */
final class BadInput extends RuntimeException {
  BadInput(String why) {
    super(why);
  }
}
