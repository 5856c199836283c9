package sh.cinch.bitbucket.webhook;

import org.jspecify.annotations.Nullable;

/**
 * Which repository a body is about.
 *
 * @param uuid as Bitbucket writes it, in braces; what identifies the repository
 * @param fullName e.g. {@code acme/app}; changes when the repository is renamed or transferred
 */
public record RepositoryId(String uuid, @Nullable String fullName) {}
