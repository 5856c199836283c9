/**
 * Pushes for runners without Kafka: read from the topic where they lie, from a cursor on, and
 * waited for.
 */
@NullMarked
package sh.cinch.ingress.pushes;

import org.jspecify.annotations.NullMarked;
