@NullMarked
package sh.cinch.schema.status;

import org.jspecify.annotations.NullMarked;
