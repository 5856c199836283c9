/** Secrets while they are in memory, and how they lie in the database. */
@NullMarked
package sh.cinch.service.secret;

import org.jspecify.annotations.NullMarked;
