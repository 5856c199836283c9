/** Ids. */
@NullMarked
package sh.cinch.ingress.text;

import org.jspecify.annotations.NullMarked;
