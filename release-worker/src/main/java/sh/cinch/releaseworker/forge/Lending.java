package sh.cinch.releaseworker.forge;

import sh.cinch.service.lease.Lease;

/** What came of asking for a lease. */
public sealed interface Lending {

  record Lent(Lease lease) implements Lending {}

  record Withheld(Setback setback) implements Lending {}
}
