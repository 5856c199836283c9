@NullMarked
package sh.cinch.releaseworker.send;

import org.jspecify.annotations.NullMarked;
