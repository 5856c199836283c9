package sh.cinch.tokenservice.lease;

import sh.cinch.tokenservice.cache.LeasableToken;

/** The answer to a request for a lease. */
public sealed interface LeaseResult {

  record Lent(LeasableToken token) implements LeaseResult {}

  record Unknown() implements LeaseResult {}

  /** Only a person can mend it, or it was disconnected. */
  record Ended(String why) implements LeaseResult {}

  record NotNow(String why) implements LeaseResult {}
}
