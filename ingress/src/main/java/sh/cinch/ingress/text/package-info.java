/** Small readings and writings of texts that every group needs. */
@NullMarked
package sh.cinch.ingress.text;

import org.jspecify.annotations.NullMarked;
