package sh.cinch.service.http;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

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
    super(title + ": " + detail, null, false, false);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.members = Map.copyOf(members);
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
    response
        .setStatusCode(status)
        .putHeader("content-type", MEDIA_TYPE)
        .putHeader("cache-control", "no-store")
        .end(
            new JsonObject(new LinkedHashMap<>(members))
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .encode());
  }
}
