/** W3C trace context, carried from the request through Kafka to the call. */
@NullMarked
package sh.cinch.service.trace;

import org.jspecify.annotations.NullMarked;
