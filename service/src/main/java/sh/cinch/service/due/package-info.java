/** Effects are rows that are due: claimed, acted upon, settled. */
@NullMarked
package sh.cinch.service.due;

import org.jspecify.annotations.NullMarked;
