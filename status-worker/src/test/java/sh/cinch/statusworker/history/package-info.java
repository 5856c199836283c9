/** Histories of builds, runners, faults and instances, held against what the contract says. */
@NullMarked
package sh.cinch.statusworker.history;

import org.jspecify.annotations.NullMarked;
