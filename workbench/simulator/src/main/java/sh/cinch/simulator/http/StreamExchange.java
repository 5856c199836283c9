package sh.cinch.simulator.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An exchange of streams; its request is paused until somebody reads it. */
final class StreamExchange implements Exchange {
  private static final Logger log = LoggerFactory.getLogger(StreamExchange.class);
  private static final int PIECE = 64 * 1024;

  private final Vertx vertx;
  private final RoutingContext context;
  private final RequestStream sent;
  private final Call call;
  private final Streaming streaming;
  private final RequestLog requests;
  private final String account;
  private Optional<Streaming.Body> body = Optional.empty();

  StreamExchange(
      Vertx vertx, RoutingContext context, Call call, Streaming streaming, RequestLog requests) {
    this.vertx = vertx;
    this.context = context;
    this.sent = RequestStream.of(vertx, context.request());
    this.call = call;
    this.streaming = streaming;
    this.requests = requests;
    this.account = requests.account(call);
  }

  @Override
  public Call call() {
    return call;
  }

  @Override
  public Reply answer() {
    return HttpExchange.guarded(
        asked -> {
          Streaming.Streamed streamed = streaming.answer(asked);
          body = streamed.body();
          return streamed.head();
        },
        call);
  }

  @Override
  public void send(Reply reply) {
    requests.count(call, account, reply.status());
    Optional<Streaming.Body> follows = body.filter(there -> reply.body().length() == 0);
    if (follows.isPresent()) {
      Thread.ofVirtual().name("stream").start(() -> stream(reply, follows.get()));
    } else {
      sent.discard();
      HttpExchange.write(context, reply);
    }
  }

  private void stream(Reply head, Streaming.Body follows) {
    HttpServerResponse response = context.response();
    response.setChunked(true).setStatusCode(head.status());
    head.headers().forEach(response::putHeader);
    try (OutputStream answer = new BufferedOutputStream(new ResponseStream(response), PIECE)) {
      follows.exchange(unpacked(), answer);
      answer.flush();
      sent.discard();
    } catch (IOException | RuntimeException e) {
      log.warn("{} {} did not come to its end: {}", call.method(), call.path(), e.toString());
      context.request().connection().close();
      return;
    }
    response.end();
  }

  private InputStream unpacked() throws IOException {
    boolean isPacked = call.header("Content-Encoding").filter("gzip"::equals).isPresent();
    return isPacked ? new GZIPInputStream(sent, PIECE) : sent;
  }

  @Override
  public void cut() {
    requests.count(call, account, RequestLog.NO_ANSWER);
    context.request().connection().close();
  }

  @Override
  public void after(Duration wait, Runnable then) {
    if (wait.isZero()) {
      then.run();
    } else {
      vertx.setTimer(wait.toMillis(), id -> then.run());
    }
  }
}
