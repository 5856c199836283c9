/** Who may see which repository, as Bitbucket says. */
@NullMarked
package sh.cinch.ingress.connecting.access;

import org.jspecify.annotations.NullMarked;
