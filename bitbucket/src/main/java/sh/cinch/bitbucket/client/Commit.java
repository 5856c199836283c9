package sh.cinch.bitbucket.client;

import java.time.Instant;
import java.util.Optional;

/**
 * A commit.
 *
 * @param hash all 40 hex digits, also where fewer were asked for
 * @param author as git has it, e.g. {@code Jo <jo@example.com>}
 */
public record Commit(String hash, String message, Optional<String> author, Optional<Instant> date) {
  static Commit from(Fields commit) throws AnswerShapeException {
    return new Commit(
        commit.text("hash"),
        commit.optionalText("message").orElse(""),
        Optional.ofNullable(commit.node().path("author").path("raw").textValue()),
        commit.optionalInstant("date"));
  }
}
