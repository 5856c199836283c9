/** Kafka clients, set up the one way we use them, and the topics they need. */
@NullMarked
package sh.cinch.service.kafka;

import org.jspecify.annotations.NullMarked;
