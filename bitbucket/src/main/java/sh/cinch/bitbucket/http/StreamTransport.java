package sh.cinch.bitbucket.http;

import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;

/** Sends one request with a streamed body and waits for all of its answer; for virtual threads. */
public final class StreamTransport {
  private final HttpClient http;
  private final Duration inactivity;

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
    this.http = http;
    this.inactivity = inactivity;
  }

  /** The same with another time limit. */
  public StreamTransport within(Duration limit) {
    return new StreamTransport(http, limit);
  }

  public Sent send(Request request, StreamedBody body) {
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
