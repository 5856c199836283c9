/** Whether a part would work now, and the management port that says so. */
@NullMarked
package sh.cinch.service.health;

import org.jspecify.annotations.NullMarked;
