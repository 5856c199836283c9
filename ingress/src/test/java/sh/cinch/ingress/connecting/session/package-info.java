@NullMarked
package sh.cinch.ingress.connecting.session;

import org.jspecify.annotations.NullMarked;
