package sh.cinch.service.health;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The sum of all parts: ready where every one is well. */
public final class Health {

  private final Map<String, Checked> parts = new ConcurrentSkipListMap<>();

  public Health with(String name, Checked part) {
    parts.put(name, part);
    return this;
  }

  /** Their names, sorted. */
  public List<String> parts() {
    return List.copyOf(parts.keySet());
  }

  /** What is wrong, by part; empty where the service is ready. */
  public Map<String, String> problems() {
    Map<String, String> problems = new TreeMap<>();
    parts.forEach(
        (name, part) -> {
          switch (part.check()) {
            case Check.Well() -> {}
            case Check.Unwell(String reason) -> problems.put(name, reason);
          }
        });
    return problems;
  }
}
