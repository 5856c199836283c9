package sh.cinch.tokenservice.caller;

import java.util.Arrays;
import java.util.Optional;

/** One of Cinch's services. */
public enum Caller {
  INGRESS("ingress"),
  STATUS_WORKER("status-worker"),
  RELEASE_WORKER("release-worker");

  private final String word;

  Caller(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  /** People connect and disconnect at the ingress; everybody else only leases. */
  public boolean mayStoreAndErase() {
    return this == INGRESS;
  }

  /** Nobody else has begun anything that only the account behind it may finish. */
  public boolean mayLeaseReplaced() {
    return this == STATUS_WORKER;
  }

  static Optional<Caller> of(String word) {
    return Arrays.stream(values()).filter(caller -> caller.word.equals(word)).findFirst();
  }
}
