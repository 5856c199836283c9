/** Tests of this package. */
@NullMarked
package sh.cinch.statusworker;

import org.jspecify.annotations.NullMarked;
