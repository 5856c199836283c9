/** Tests of this package. */
@NullMarked
package sh.cinch.statusworker.post;

import org.jspecify.annotations.NullMarked;
