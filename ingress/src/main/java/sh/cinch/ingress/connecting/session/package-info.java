/** Who is signed in, and the way there through Bitbucket's consent page. */
@NullMarked
package sh.cinch.ingress.connecting.session;

import org.jspecify.annotations.NullMarked;
