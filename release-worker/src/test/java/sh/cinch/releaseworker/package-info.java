@NullMarked
package sh.cinch.releaseworker;

import org.jspecify.annotations.NullMarked;
