@NullMarked
package sh.cinch.forge;

import org.jspecify.annotations.NullMarked;
