package sh.cinch.service.due;

/** One turn of something periodic. */
@FunctionalInterface
public interface Step {

  /**
   * @return whether there may be more to do at once
   */
  boolean run();
}
