package sh.cinch.ingress.webhooks.delivery;

import java.time.Instant;

/**
 * Refused deliveries of a kind.
 *
 * @param outcome one word for it
 * @param reason in words, and what to do
 */
public record RefusedLately(String outcome, String reason, int count, Instant last) {}
