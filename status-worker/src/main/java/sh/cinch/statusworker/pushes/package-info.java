/** Pushes of late, from which statuses lead back to their deliveries. */
@NullMarked
package sh.cinch.statusworker.pushes;

import org.jspecify.annotations.NullMarked;
