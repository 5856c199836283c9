@NullMarked
package sh.cinch.ingress.connecting.upkeep;

import org.jspecify.annotations.NullMarked;
