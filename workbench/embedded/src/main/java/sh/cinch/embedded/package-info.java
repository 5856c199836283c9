/**
 * A real Kafka broker and a real PostgreSQL for one machine, started by this JVM and stopped with
 * it.
 *
 * <p>Nothing here configures logging. Programs that use it keep {@code kafka}, {@code
 * org.apache.kafka} and {@code io.zonky} at WARN; at INFO Kafka prints its whole configuration.
 */
@NullMarked
package sh.cinch.embedded;

import org.jspecify.annotations.NullMarked;
