/** What Cinch's services ask of a forge, asked one way. */
@NullMarked
package sh.cinch.forge;

import org.jspecify.annotations.NullMarked;
