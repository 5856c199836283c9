/** What must reach Kafka and cannot go there right now, or goes together with a database change. */
@NullMarked
package sh.cinch.service.outbox;

import org.jspecify.annotations.NullMarked;
