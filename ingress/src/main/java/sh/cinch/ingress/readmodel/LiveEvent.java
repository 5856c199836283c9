package sh.cinch.ingress.readmodel;

import java.util.UUID;

/**
 * Something that has just happened in a repository.
 *
 * @param topic whose record says so
 * @param eventId of the record
 */
public record LiveEvent(UUID repositoryId, String topic, String eventId) {}
