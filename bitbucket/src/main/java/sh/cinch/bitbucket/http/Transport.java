package sh.cinch.bitbucket.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Sends one request and waits for all of its answer; for virtual threads. */
public final class Transport {
  private final WebClient web;
  private final Duration timeout;

  /**
   * @param timeout for the whole of a request, from connecting to the last byte of the answer
   */
  public Transport(WebClient web, Duration timeout) {
    this.web = web;
    this.timeout = timeout;
  }

  /** The same with another time limit. */
  public Transport within(Duration limit) {
    return new Transport(web, limit);
  }

  public Reply send(Request request) {
    HttpRequest<Buffer> http =
        web.requestAbs(HttpMethod.valueOf(request.method().name()), request.target())
            .putHeaders(MultiMap.caseInsensitiveMultiMap().addAll(request.headers()))
            .followRedirects(false)
            .timeout(timeout.toMillis());
    String body = request.body();
    Future<HttpResponse<Buffer>> sent =
        body == null ? http.send() : http.sendBuffer(Buffer.buffer(body));
    // The client's own limit starts anew with every byte; this one does not.
    Future<Reply> reply =
        sent.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .<Reply>map(
                response ->
                    Replies.received(
                        request, response.statusCode(), response.headers(), response.body()))
            .otherwise(failure -> Replies.lost(request, failure, timeout));
    return reply.await();
  }
}
