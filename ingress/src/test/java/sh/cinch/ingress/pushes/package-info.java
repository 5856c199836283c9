@NullMarked
package sh.cinch.ingress.pushes;

import org.jspecify.annotations.NullMarked;
