@NullMarked
package sh.cinch.schema.text;

import org.jspecify.annotations.NullMarked;
