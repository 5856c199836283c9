/** Random texts that open something, stored only as hashes. */
@NullMarked
package sh.cinch.ingress.ticket;

import org.jspecify.annotations.NullMarked;
