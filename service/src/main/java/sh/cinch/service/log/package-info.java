/** How much is written to the log. */
@NullMarked
package sh.cinch.service.log;

import org.jspecify.annotations.NullMarked;
