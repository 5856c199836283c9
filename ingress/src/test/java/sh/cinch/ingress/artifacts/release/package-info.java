@NullMarked
package sh.cinch.ingress.artifacts.release;

import org.jspecify.annotations.NullMarked;
