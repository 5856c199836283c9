package sh.cinch.simulator.api;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which scopes carry others with them; {@code repository:admin} carries none. */
final class Scopes {
  private static final Map<String, List<String>> IMPLIED =
      Map.of(
          "account:write", List.of("account"),
          "project", List.of("repository"),
          "pullrequest", List.of("repository"),
          "pullrequest:write", List.of("pullrequest", "repository:write"),
          "repository:write", List.of("repository"));

  private Scopes() {}

  static boolean cover(Collection<String> granted, Collection<String> required) {
    return withImplied(granted).containsAll(required);
  }

  private static Set<String> withImplied(Collection<String> granted) {
    var all = new TreeSet<String>();
    var next = new ArrayDeque<>(granted);
    while (!next.isEmpty()) {
      String scope = next.remove();
      if (all.add(scope)) {
        next.addAll(IMPLIED.getOrDefault(scope, List.of()));
      }
    }
    return all;
  }
}
