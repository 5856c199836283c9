package sh.cinch.simulator.world;

import java.time.Instant;
import java.util.Optional;

/**
 * One attempt to write a status, in the order in which they arrived; refused ones too.
 *
 * @param account UUID of the writer
 * @param commit its full hash, or what was sent where there is no such commit
 * @param key as the path has it, if it has one
 * @param body as it was sent
 * @param answer the status code it got
 */
public record StatusWrite(
    Instant time,
    String account,
    String method,
    String commit,
    Optional<String> key,
    String body,
    int answer) {}
