@NullMarked
package sh.cinch.ingress.artifact;

import org.jspecify.annotations.NullMarked;
