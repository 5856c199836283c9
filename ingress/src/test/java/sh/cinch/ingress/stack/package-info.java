/** Everything around an ingress that its tests need, all of it real or standing in over HTTP. */
@NullMarked
package sh.cinch.ingress.stack;

import org.jspecify.annotations.NullMarked;
