/** Sessions, and the way to one through Bitbucket's consent page. */
@NullMarked
package sh.cinch.ingress.connecting.session;

import org.jspecify.annotations.NullMarked;
