/** The topics: their names, what they carry and how they are kept. */
@NullMarked
package sh.cinch.schema.topic;

import org.jspecify.annotations.NullMarked;
