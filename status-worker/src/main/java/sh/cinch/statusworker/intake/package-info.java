/** Records of builds on their way to the commit statuses, or to the dead letters. */
@NullMarked
package sh.cinch.statusworker.intake;

import org.jspecify.annotations.NullMarked;
