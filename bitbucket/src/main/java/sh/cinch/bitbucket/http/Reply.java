package sh.cinch.bitbucket.http;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came of a request. */
public sealed interface Reply {
  /**
   * A whole answer.
   *
   * @param body as text; where it is an error, with the request's own credentials taken out
   * @param retryAfter where the answer asks to wait
   * @param limit that it counts against, where the answer tells it
   * @param location where a redirect points to; never followed
   * @param requestId Bitbucket's own, to ask its support about
   */
  record Received(
      int status,
      @Nullable String contentType,
      String body,
      Optional<Duration> retryAfter,
      Optional<RateLimit> limit,
      @Nullable String location,
      @Nullable String requestId)
      implements Reply {

    /** For errors: the answer in a few words, without its body. */
    public String summary() {
      String type = contentType == null ? "no content type" : contentType;
      String redirect = location == null ? "" : ", a redirect, which is never followed";
      return "answered %d (%s)%s".formatted(status, type, redirect);
    }

    /** Without the body, which may be a token. */
    @Override
    public String toString() {
      return summary();
    }
  }

  /**
   * No answer, or only part of one.
   *
   * @param what for people
   * @param mayHaveHappened false only where no connection was made, so nothing was sent
   */
  record Lost(String what, boolean mayHaveHappened) implements Reply {}
}
