/** How a process ends: asked to, or because it cannot go on. */
@NullMarked
package sh.cinch.service.exit;

import org.jspecify.annotations.NullMarked;
