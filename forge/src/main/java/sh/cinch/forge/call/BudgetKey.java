package sh.cinch.forge.call;

import sh.cinch.forge.Pool;

/** Requests that a forge counts together. */
record BudgetKey(String identity, Pool pool) {}
