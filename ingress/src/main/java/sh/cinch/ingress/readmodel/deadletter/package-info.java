/**
 * Dead letters: a list of those on the topic, what people do about them, and sending them again.
 */
@NullMarked
package sh.cinch.ingress.readmodel.deadletter;

import org.jspecify.annotations.NullMarked;
