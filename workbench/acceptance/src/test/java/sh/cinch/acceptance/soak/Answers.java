package sh.cinch.acceptance.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often the hostile were answered with which status. */
final class Answers {

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  void note(String status) {
    if (status.matches("[1-5][0-9][0-9]")) {
      counts.computeIfAbsent(status, first -> new LongAdder()).increment();
    }
  }

  /** By status. */
  Map<String, Long> counts() {
    Map<String, Long> sorted = new TreeMap<>();
    counts.forEach((status, count) -> sorted.put(status, count.sum()));
    return sorted;
  }
}
