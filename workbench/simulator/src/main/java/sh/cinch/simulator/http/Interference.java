package sh.cinch.simulator.http;

/** What comes between a call and its answer. */
@FunctionalInterface
public interface Interference {
  void come(Exchange exchange);
}
