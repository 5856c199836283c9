package sh.cinch.service.http;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A refusal, as an RFC 9457 problem document. Thrown by straight-line handlers; it is an answer,
 * not an accident, so it has no stack trace.
 */
public final class Problem extends RuntimeException {

  public static final String MEDIA_TYPE = "application/problem+json";

  private static final long serialVersionUID = 1;

  private final int status;
  private final String title;
  private final String detail;
  private final Map<String, Object> members;
  private final Optional<RetryAfter> retryAfter;

  /**
   * @param title the kind of problem, the same each time
   * @param detail what is wrong here and what to do; never a secret
   */
  public Problem(int status, String title, String detail) {
    this(status, title, detail, Map.of());
  }

  /**
   * @param members of its own, beside those that every problem has
   */
  public Problem(int status, String title, String detail, Map<String, ?> members) {
    this(status, title, detail, members, Optional.empty());
  }

  private Problem(
      int status,
      String title,
      String detail,
      Map<String, ?> members,
      Optional<RetryAfter> retryAfter) {
    super(title + ": " + detail, null, false, false);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.members = Map.copyOf(members);
    this.retryAfter = retryAfter;
  }

  /** The same, which says when it is worth another try. */
  public Problem retryAfter(Duration pause) {
    return retryAfter(RetryAfter.of(pause));
  }

  /** The same, which says when it is worth another try. */
  public Problem retryAfter(RetryAfter when) {
    return new Problem(status, title, detail, members, Optional.of(when));
  }

  /** When it is worth another try, where that is known. */
  public Optional<RetryAfter> retryAfter() {
    return retryAfter;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  public String detail() {
    return detail;
  }

  public void send(HttpServerResponse response) {
    retryAfter.ifPresent(when -> when.put(response));
    response
        .setStatusCode(status)
        .putHeader("content-type", MEDIA_TYPE)
        .putHeader("cache-control", "no-store")
        .putHeader("x-content-type-options", "nosniff")
        .end(
            new JsonObject(new LinkedHashMap<>(members))
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .encode());
  }
}
