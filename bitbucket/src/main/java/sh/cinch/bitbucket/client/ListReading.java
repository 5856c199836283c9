package sh.cinch.bitbucket.client;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What was read of a list, and where it goes on. Whoever is stopped in the midst of it, with no
 * request left for now, reads on with the same one. For one thread at a time.
 */
public final class ListReading<T> {

  private final Map<Object, T> found = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();
  private int leftOut;
  private int repeated;
  private boolean isResumed;
  private Optional<String> next = Optional.empty();

  /** How many entries it has so far. */
  public int size() {
    return found.size();
  }

  /** Whether it was stopped: what was deleted meanwhile may have moved others off its pages. */
  public boolean isResumed() {
    return isResumed;
  }

  /** The page to be asked for. */
  String begin(String first) {
    isResumed = next.isPresent();
    String address = next.orElse(first);
    asked.add(address);
    return address;
  }

  /** Returns how many pages in a row have only repeated what was read. */
  int add(List<T> values, int odd, Function<T, ?> identity) {
    int before = found.size();
    values.forEach(item -> found.putIfAbsent(identity.apply(item), item));
    leftOut += odd;
    repeated = values.isEmpty() || found.size() > before ? 0 : repeated + 1;
    return repeated;
  }

  /** False where that page was asked for before. */
  boolean goOn(String address) {
    next = Optional.of(address);
    return asked.add(address);
  }

  int pages() {
    return asked.size();
  }

  Listed<T> listed() {
    return new Listed<>(List.copyOf(found.values()), leftOut);
  }
}
