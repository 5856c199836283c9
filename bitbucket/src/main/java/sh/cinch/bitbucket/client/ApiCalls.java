package sh.cinch.bitbucket.client;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.http.Reply;
import sh.cinch.bitbucket.http.Request;
import sh.cinch.bitbucket.http.Request.Method;
import sh.cinch.bitbucket.http.Transport;

/**
 * Makes one call and decides what its answer means.
 *
 * @param authorization asked anew for each request: a lease may be replaced between two pages
 * @param headers asked anew for each request, e.g. for {@code traceparent}
 */
record ApiCalls(
    Transport transport,
    URI api,
    Supplier<String> authorization,
    Supplier<Map<String, String>> headers) {

  /** To a path of the API. */
  <T> Answer<T> call(Method method, String path, @Nullable String body, Fields.Reading<T> reading) {
    return send(method, absolute(path), body, reading);
  }

  /** To a URL that is known to be the API's. */
  <T> Answer<T> get(String url, Fields.Reading<T> reading) {
    return send(Method.GET, url, null, reading);
  }

  /** For calls that answer without a body. */
  Answer<Done> delete(String path) {
    Request request = request(Method.DELETE, absolute(path), null);
    return judge(request, received -> new Done());
  }

  String absolute(String path) {
    String base = api.toString();
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
  }

  private <T> Answer<T> send(
      Method method, String url, @Nullable String body, Fields.Reading<T> reading) {
    return judge(request(method, url, body), received -> reading.from(Fields.of(received.body())));
  }

  private Request request(Method method, String url, @Nullable String body) {
    String credential = authorization.get();
    var all = new HashMap<String, String>(headers.get());
    all.put("Authorization", credential);
    all.put("Accept", "application/json");
    if (body != null) {
      all.put("Content-Type", "application/json");
    }
    String bare = credential.substring(credential.indexOf(' ') + 1);
    return new Request(method, url, all, body, List.of(bare));
  }

  private interface Value<T> {
    T of(Reply.Received received) throws AnswerShapeException;
  }

  private <T> Answer<T> judge(Request request, Value<T> value) {
    return switch (transport.send(request)) {
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
