package sh.cinch.tokenservice.acquire;

import sh.cinch.tokenservice.credential.Stored;

/** The answer to a credential that was handed in. */
public sealed interface Acquisition {

  record Held(Stored stored) implements Acquisition {}

  /**
   * The forge does not take it, and would not if it were sent again.
   *
   * @param why what is wrong and what to do, for the person who gave it
   */
  record Refused(String why) implements Acquisition {}

  record NotNow(String why) implements Acquisition {}
}
