package sh.cinch.forge;

import java.time.Duration;
import java.util.OptionalInt;

/** Whether a forge would be asked now in the name of a credential, as far as that is known here. */
public sealed interface Allowance {

  /**
   * It would.
   *
   * @param identity whose requests the forge counts together; empty where that is not known yet
   * @param most requests
   * @param beyond what those beyond would be told
   */
  record Some(String identity, int most, None beyond) implements Allowance {}

  /**
   * It would not: the account has had what the forge takes of it.
   *
   * @param reason in words, for people
   * @param pause until it may be worth another try
   */
  record None(String reason, Duration pause) implements Allowance {

    /** As the request that is not made would end. */
    public <T> ForgeResult.Later<T> later() {
      return new ForgeResult.Later<>(Cause.RATE_LIMIT, OptionalInt.empty(), reason, pause);
    }
  }

  /** Of a forge that counts nothing. */
  static Allowance any() {
    return any("");
  }

  /** As many as are made. */
  static Allowance any(String identity) {
    return new Some(identity, Integer.MAX_VALUE, new None("", Duration.ZERO));
  }
}
