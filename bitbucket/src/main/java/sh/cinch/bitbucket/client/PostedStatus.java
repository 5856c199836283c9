package sh.cinch.bitbucket.client;

/**
 * A status as Bitbucket has it now.
 *
 * @param state in Bitbucket's words
 */
public record PostedStatus(String key, String state) {
  static PostedStatus from(Fields status) throws AnswerShapeException {
    return new PostedStatus(status.text("key"), status.text("state"));
  }
}
