package sh.cinch.forge;

import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.BuildState;

/**
 * What a commit is to show of a build, in Cinch's words. Each forge brings it within what it takes,
 * and says what it had to change.
 *
 * @param key that the status is to have there
 * @param name as it was reported
 * @param description as it was reported, or in our words
 * @param url where the build can be looked at; null or unusable: the commit's own page
 * @param ref the ref that was built
 */
public record CommitStatus(
    String commit,
    String key,
    BuildState.State state,
    String name,
    String description,
    @Nullable String url,
    @Nullable String ref) {}
