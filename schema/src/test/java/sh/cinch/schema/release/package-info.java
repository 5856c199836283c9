@NullMarked
package sh.cinch.schema.release;

import org.jspecify.annotations.NullMarked;
