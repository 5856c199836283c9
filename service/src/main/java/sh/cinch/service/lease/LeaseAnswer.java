package sh.cinch.service.lease;

/** What the token-service says to somebody who asks for a lease. */
public sealed interface LeaseAnswer {

  record Lent(Lease lease) implements LeaseAnswer {}

  /** Only a person can mend it: by authorizing again, or with another token. */
  record NeedsAuthorization(String reason) implements LeaseAnswer {}

  /** There is no such credential (any more). */
  record Unknown() implements LeaseAnswer {}

  /** Not now: the token-service or the forge is away. */
  record NotNow(String reason) implements LeaseAnswer {}
}
