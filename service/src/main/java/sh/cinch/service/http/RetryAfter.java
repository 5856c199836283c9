package sh.cinch.service.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * When something is worth another try; every answer that says so says it by this.
 *
 * @param seconds one at least
 */
public record RetryAfter(long seconds) {

  /** What is full or away may be there again by then. */
  public static final RetryAfter SOON = new RetryAfter(5);

  static RetryAfter of(Duration pause) {
    return new RetryAfter(Math.max(1, pause.toSeconds()));
  }

  public void put(HttpServerResponse response) {
    response.putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
  }
}
