package sh.cinch.simulator.delivery;

import java.util.List;

/**
 * What became of one event at one hook.
 *
 * @param hook its UUID in braces
 * @param attempts none where the body was too large to be sent at all
 */
public record Delivered(String hook, List<Attempt> attempts) {

  public Delivered {
    attempts = List.copyOf(attempts);
  }
}
