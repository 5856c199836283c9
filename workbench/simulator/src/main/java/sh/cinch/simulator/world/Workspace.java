package sh.cinch.simulator.world;

/**
 * A workspace.
 *
 * @param uuid in braces
 */
public record Workspace(String uuid, String slug, String name) {}
