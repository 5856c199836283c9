package sh.cinch.simulator.world;

import java.time.Instant;
import java.util.Optional;

/**
 * A commit, as far as anybody asks: there are no files.
 *
 * @param hash 40 hex digits
 * @param author UUID of the account
 */
public record Commit(
    String hash, Optional<String> parent, Instant date, String message, String author) {}
