/** Deliveries to an ingress whose stores and instances go away under load. */
@NullMarked
package sh.cinch.acceptance.deliveries;

import org.jspecify.annotations.NullMarked;
