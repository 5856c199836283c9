/** Calls to Bitbucket in the name of a stored credential. */
@NullMarked
package sh.cinch.ingress.forge;

import org.jspecify.annotations.NullMarked;
