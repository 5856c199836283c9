/** Tests of this package. */
@NullMarked
package sh.cinch.statusworker.board;

import org.jspecify.annotations.NullMarked;
