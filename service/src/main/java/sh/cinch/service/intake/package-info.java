/** Consumers that only record: a batch into the database, then the offsets. */
@NullMarked
package sh.cinch.service.intake;

import org.jspecify.annotations.NullMarked;
