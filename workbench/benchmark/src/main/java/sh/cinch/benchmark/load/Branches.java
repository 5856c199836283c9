package sh.cinch.benchmark.load;

import java.util.HashMap;
import java.util.Map;

/** Where each branch is that was pushed to, over all rounds: the number of its last commit. */
final class Branches {

  private final Map<String, Long> heads = new HashMap<>();

  /** The number of one more, which is the last then. */
  long next(String branch) {
    return heads.merge(branch, 1L, Long::sum);
  }
}
