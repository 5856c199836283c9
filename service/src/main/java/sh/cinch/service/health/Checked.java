package sh.cinch.service.health;

/** A part that can say whether it would work now. May block. */
@FunctionalInterface
public interface Checked {
  Check check();
}
