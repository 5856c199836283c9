@NullMarked
package sh.cinch.forge.call;

import org.jspecify.annotations.NullMarked;
