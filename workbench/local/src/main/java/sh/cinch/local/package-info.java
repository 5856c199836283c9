/**
 * All services in one JVM on embedded servers, behind {@code ./cinch up} and {@code ./cinch demo}.
 */
@NullMarked
package sh.cinch.local;

import org.jspecify.annotations.NullMarked;
