/** The {@code cinch} command: what people and scripts type. */
@NullMarked
package sh.cinch.cli;

import org.jspecify.annotations.NullMarked;
