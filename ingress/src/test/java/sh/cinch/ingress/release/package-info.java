@NullMarked
package sh.cinch.ingress.release;

import org.jspecify.annotations.NullMarked;
