package sh.cinch.bitbucket.client;

import java.time.Instant;

/**
 * When a repository was changed last, as a list of a workspace's has it.
 *
 * @param uuid in braces
 * @param updatedOn that it moves with each push is nowhere said
 */
public record RepositoryChange(String uuid, Instant updatedOn) {

  static RepositoryChange from(Fields repository) throws AnswerShapeException {
    return new RepositoryChange(
        repository.text("uuid"),
        repository
            .optionalInstant("updated_on")
            .orElseThrow(() -> new AnswerShapeException("updated_on is missing or no time")));
  }
}
