/** The repositories that people may see and administer, as Bitbucket says. */
@NullMarked
package sh.cinch.ingress.connecting.access;

import org.jspecify.annotations.NullMarked;
