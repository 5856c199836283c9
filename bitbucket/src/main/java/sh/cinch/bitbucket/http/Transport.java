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
import java.util.function.Consumer;

/** Sends one request and waits for all of its answer; for virtual threads. */
public final class Transport {
  private final WebClient web;
  private final Duration timeout;
  private final Consumer<Exchange> observer;

  /**
   * @param timeout for the whole of a request, from connecting to the last byte of the answer
   */
  public Transport(WebClient web, Duration timeout) {
    this(web, timeout, exchange -> {});
  }

  private Transport(WebClient web, Duration timeout, Consumer<Exchange> observer) {
    this.web = web;
    this.timeout = timeout;
    this.observer = observer;
  }

  /** The same with another time limit. */
  public Transport within(Duration limit) {
    return new Transport(web, limit, observer);
  }

  /** The same, which tells of each request once its answer is there. */
  public Transport observedBy(Consumer<Exchange> other) {
    return new Transport(web, timeout, other);
  }

  public Reply send(Request request) {
    long begun = System.nanoTime();
    Reply reply = sent(request);
    observer.accept(Exchange.of(request, reply, Duration.ofNanos(System.nanoTime() - begun)));
    return reply;
  }

  private Reply sent(Request request) {
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
