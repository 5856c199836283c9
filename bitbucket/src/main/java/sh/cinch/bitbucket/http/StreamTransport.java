package sh.cinch.bitbucket.http;

import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.function.Consumer;

/** Sends one request with a streamed body and waits for all of its answer; for virtual threads. */
public final class StreamTransport {
  private final HttpClient http;
  private final Duration inactivity;
  private final Consumer<Exchange> observer;

  /** What came of it. */
  public sealed interface Sent {
    record Replied(Reply reply) implements Sent {}

    /**
     * It was broken off because of its content.
     *
     * @param begun false only where nothing was sent
     */
    record ContentFailed(Throwable cause, boolean begun) implements Sent {}
  }

  /**
   * @param inactivity how long nothing may move in either direction
   */
  public StreamTransport(HttpClient http, Duration inactivity) {
    this(http, inactivity, exchange -> {});
  }

  private StreamTransport(HttpClient http, Duration inactivity, Consumer<Exchange> observer) {
    this.http = http;
    this.inactivity = inactivity;
    this.observer = observer;
  }

  /** The same with another time limit. */
  public StreamTransport within(Duration limit) {
    return new StreamTransport(http, limit, observer);
  }

  /** The same, which tells of each request once it has ended. */
  public StreamTransport observedBy(Consumer<Exchange> other) {
    return new StreamTransport(http, inactivity, other);
  }

  public Sent send(Request request, StreamedBody body) {
    long begun = System.nanoTime();
    Sent sent = sent(request, body);
    Reply reply =
        switch (sent) {
          case Sent.Replied(Reply whole) -> whole;
          case Sent.ContentFailed(Throwable cause, boolean any) -> new Reply.Lost("torn", any);
        };
    observer.accept(Exchange.of(request, reply, Duration.ofNanos(System.nanoTime() - begun)));
    return sent;
  }

  private Sent sent(Request request, StreamedBody body) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(request.method().name()))
            .setAbsoluteURI(request.target())
            .setFollowRedirects(false)
            // Whoever refuses a body may not have read all of it, and would take what follows on
            // the connection for the rest.
            .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    request.headers().forEach(options::addHeader);
    var sending = new Sending(request, body, inactivity);
    http.request(options).onComplete(sending::connected, sending::broke);
    return sending.await();
  }
}
