package sh.cinch.simulator.world;

/**
 * Some bytes that were stored.
 *
 * @param id where they are
 * @param sha256 in hex
 */
public record Content(String id, long size, String sha256) {}
