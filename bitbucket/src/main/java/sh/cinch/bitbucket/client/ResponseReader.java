package sh.cinch.bitbucket.client;

import java.util.OptionalInt;
import sh.cinch.bitbucket.http.Reply;
import sh.cinch.bitbucket.http.Request;

/** Decides what an answer means. */
final class ResponseReader {
  private ResponseReader() {}

  /** Reads the value out of a success. */
  interface Value<T> {
    T of(Reply.Received received) throws AnswerShapeException;
  }

  static <T> Answer<T> of(Request request, Reply reply, Value<T> value) {
    return switch (reply) {
      case Reply.Lost(String what, boolean mayHaveHappened) ->
          new Answer.Unavailable<>(what, OptionalInt.empty(), mayHaveHappened);
      case Reply.Received received -> judge(request, received, value);
    };
  }

  private static <T> Answer<T> judge(Request request, Reply.Received received, Value<T> value) {
    int status = received.status();
    if (status == 429) {
      return new Answer.RateLimited<>(received.retryAfter());
    }
    return switch (status / 100) {
      case 2 -> ok(request, received, value);
      case 4 -> new Answer.Refused<>(status, ApiErrorReader.read(received));
      // A redirect did nothing; it says that something other than the API stands here.
      case 3 -> unavailable(request, received, received.summary(), false);
      default -> unavailable(request, received, received.summary(), true);
    };
  }

  private static <T> Answer<T> ok(Request request, Reply.Received received, Value<T> value) {
    try {
      return new Answer.Ok<>(value.of(received), received.status());
    } catch (AnswerShapeException e) {
      return unavailable(request, received, received.summary() + ", but " + e.getMessage(), true);
    }
  }

  private static <T> Answer<T> unavailable(
      Request request, Reply.Received received, String what, boolean mayHaveHappened) {
    return new Answer.Unavailable<>(
        request + ": " + what, OptionalInt.of(received.status()), mayHaveHappened);
  }
}
