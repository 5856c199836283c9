/** Random texts that open something, stored only as hashes. */
@NullMarked
package sh.cinch.ingress.token;

import org.jspecify.annotations.NullMarked;
