package sh.cinch.ingress.heads;

import java.util.Map;

/**
 * What a delivery meets of the pushes that were missed.
 *
 * @param ids of those that it brings, by ref
 * @param isBehind whether one of its refs has one in the outbox, perhaps: it has to come after that
 */
public record Expectation(Map<String, String> ids, boolean isBehind) {

  /** Nothing of it was missed. */
  public static final Expectation NONE = new Expectation(Map.of(), false);

  public Expectation {
    ids = Map.copyOf(ids);
  }
}
