/** The whole stack, seen from outside, and the rules that hold across modules. */
@NullMarked
package sh.cinch.acceptance;

import org.jspecify.annotations.NullMarked;
