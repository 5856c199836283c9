package sh.cinch.bitbucket.webhook;

import org.jspecify.annotations.Nullable;

/**
 * Who pushed: a person, an app or an access token's pseudo-user. Only {@code uuid} identifies.
 *
 * @param name as Bitbucket displays it
 */
public record Actor(@Nullable String uuid, @Nullable String name) {}
