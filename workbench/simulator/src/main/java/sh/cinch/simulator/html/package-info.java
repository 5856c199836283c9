/** Markup that escapes whatever is put into it. */
@NullMarked
package sh.cinch.simulator.html;

import org.jspecify.annotations.NullMarked;
