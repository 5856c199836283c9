package sh.cinch.service.due;

import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;

/**
 * The attempts that may begin, and those that have.
 *
 * @param free how many may begin
 * @param underWay the repositories of those that have not ended, each as often as it has one
 * @param credential what a repository's rows are acted upon with, whoever it is of
 */
public record Room(int free, Collection<UUID> underWay, Function<UUID, String> credential) {}
