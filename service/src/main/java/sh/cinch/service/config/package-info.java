/** Settings from the environment, with every problem reported at once. */
@NullMarked
package sh.cinch.service.config;

import org.jspecify.annotations.NullMarked;
