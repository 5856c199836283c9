/** The contract: what goes over Kafka and what lies in PostgreSQL. */
@NullMarked
package sh.cinch.schema;

import org.jspecify.annotations.NullMarked;
