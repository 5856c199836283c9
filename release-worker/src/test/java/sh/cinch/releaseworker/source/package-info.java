@NullMarked
package sh.cinch.releaseworker.source;

import org.jspecify.annotations.NullMarked;
