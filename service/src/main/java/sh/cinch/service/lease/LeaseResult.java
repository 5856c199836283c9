package sh.cinch.service.lease;

/** What the token-service says to somebody who asks for a lease. */
public sealed interface LeaseResult {

  record Lent(Lease lease) implements LeaseResult {}

  /** Only a person can mend it: by authorizing again, or with another token. */
  record NeedsAuthorization(String reason) implements LeaseResult {}

  /** There is no such credential (any more). */
  record Unknown() implements LeaseResult {}

  /** Not now: the token-service or the forge is away. */
  record NotNow(String reason) implements LeaseResult {}
}
