/** Who may see which repository, as Bitbucket says. */
@NullMarked
package sh.cinch.ingress.sight;

import org.jspecify.annotations.NullMarked;
