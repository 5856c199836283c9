/** The contract: what goes over Kafka, and the limits and names that both sides check. */
@NullMarked
package sh.cinch.schema;

import org.jspecify.annotations.NullMarked;
