package sh.cinch.forge;

import java.util.List;
import java.util.Optional;

/**
 * A status as the forge shows it now.
 *
 * @param key under which the forge has it
 * @param state in the forge's words
 * @param account who wrote it; empty where that is not known
 * @param warnings what had to be changed, for those who asked for it
 */
public record PostedStatus(
    String key, String state, Optional<String> account, List<String> warnings) {}
