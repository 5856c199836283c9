@NullMarked
package sh.cinch.ingress.git;

import org.jspecify.annotations.NullMarked;
