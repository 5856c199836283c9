@NullMarked
package sh.cinch.ingress.artifacts;

import org.jspecify.annotations.NullMarked;
