package sh.cinch.ingress.connecting.upkeep;

import java.time.Instant;
import java.util.Optional;

/**
 * What people should know of a webhook.
 *
 * @param text a sentence or more: what is so, and what to do
 * @param at when that was; empty where it still is so
 */
public record HookNote(String text, Optional<Instant> at) {}
