package sh.cinch.ingress.readmodel.deadletter;

import java.time.Instant;

/**
 * Dead letters that the list had no room for: the topic alone has them.
 *
 * @param reason of one of them; the others' differ in names and numbers
 * @param count how many
 * @param from when the first of them came
 * @param to when the last of them came
 */
public record UnlistedDeadLetters(
    String topic, String consumer, String reason, long count, Instant from, Instant to) {}
