/** The imitated REST API under {@code /2.0}, one class of routes for each resource. */
@NullMarked
package sh.cinch.simulator.api;

import org.jspecify.annotations.NullMarked;
