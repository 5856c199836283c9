/** The stack: servers, simulator and services, started and stopped together. */
@NullMarked
package sh.cinch.local.stack;

import org.jspecify.annotations.NullMarked;
