/**
 * One record for each event on the topics; their JSON is held to the schemas in {@code contract/}.
 */
@NullMarked
package sh.cinch.schema.event;

import org.jspecify.annotations.NullMarked;
