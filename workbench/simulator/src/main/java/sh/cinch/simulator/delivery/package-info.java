/** Webhooks, delivered the way Bitbucket delivers them. */
@NullMarked
package sh.cinch.simulator.delivery;

import org.jspecify.annotations.NullMarked;
