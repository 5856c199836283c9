package sh.cinch.bitbucket.http;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.http.StreamTransport.Sent;

/**
 * One streamed request on its way. Content and connection call from contexts of their own, while
 * the thread that waits looks after the time.
 */
final class Sending {
  private final Request request;
  private final StreamedBody body;
  private final ReadStream<Buffer> content;
  private final Duration inactivity;
  private final Promise<Sent> outcome = Promise.promise();
  private final AtomicInteger onTheWay = new AtomicInteger();
  private volatile long lastMove = System.nanoTime();
  private volatile boolean isContentOver;
  private volatile boolean isComplete;
  private volatile boolean isAnswered;
  private volatile @Nullable HttpClientRequest to;
  private long given;

  Sending(Request request, StreamedBody body, Duration inactivity) {
    this.request = request;
    this.body = body;
    this.content = body.content();
    this.inactivity = inactivity;
    content
        .pause()
        .exceptionHandler(
            why -> {
              isContentOver = true;
              contentFailed(why);
            });
  }

  /** What came of it, or what must be taken for that because nothing moves any more. */
  Sent await() {
    try {
      while (!isOver()) {
        awaitMove();
      }
      return outcome.future().result();
    } finally {
      // whoever is interrupted while waiting leaves nothing behind that goes on
      tear(new Sent.Replied(new Reply.Lost(request + ": given up", true)));
    }
  }

  private void awaitMove() {
    long left = inactivity.toNanos() - (System.nanoTime() - lastMove);
    if (left <= 0) {
      stalled();
      return;
    }
    try {
      outcome.future().await(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException mayHaveMoved) {
      // what is left is reckoned anew
    }
  }

  void connected(HttpClientRequest connection) {
    to = connection;
    if (isOver()) {
      connection.reset();
      return;
    }
    moved();
    connection.exceptionHandler(this::broke);
    connection.response().onComplete(this::answered, this::broke);
    connection.drainHandler(drained -> resume());
    write(connection, body.before());
    content.handler(bytes -> pass(connection, bytes));
    content.endHandler(end -> end(connection));
    resume();
  }

  private void pass(HttpClientRequest connection, Buffer bytes) {
    if (isOver() || isAnswered) {
      return;
    }
    given += bytes.length();
    if (given > body.contentLength()) {
      contentFailed(
          new IOException(
              "the content has more than its %d bytes".formatted(body.contentLength())));
      return;
    }
    write(connection, bytes);
    if (connection.writeQueueFull()) {
      content.pause();
      if (!connection.writeQueueFull()) {
        // it drained before the pause
        resume();
      }
    }
  }

  /** A stream that is over may be closed, and then takes it ill to be asked for more. */
  private void resume() {
    if (!isContentOver) {
      content.resume();
    }
  }

  private void end(HttpClientRequest connection) {
    isContentOver = true;
    if (isOver() || isAnswered) {
      return;
    }
    if (given < body.contentLength()) {
      contentFailed(
          new IOException(
              "the content ended after %d of %d bytes".formatted(given, body.contentLength())));
      return;
    }
    isComplete = true;
    moved();
    connection.end(body.after());
  }

  private void write(HttpClientRequest connection, Buffer bytes) {
    moved();
    onTheWay.incrementAndGet();
    connection
        .write(bytes)
        .onSuccess(
            taken -> {
              onTheWay.decrementAndGet();
              moved();
            });
  }

  private void answered(HttpClientResponse response) {
    isAnswered = true;
    moved();
    boolean isEarly = !isComplete;
    response
        .body()
        .map(text -> Replies.received(request, response.statusCode(), response.headers(), text))
        .onComplete(
            reply -> {
              if (isEarly) {
                tear(new Sent.Replied(early(reply)));
              } else {
                outcome.tryComplete(new Sent.Replied(reply));
              }
            },
            this::broke);
  }

  /** A refusal need not wait for the rest; a success without it is none. */
  private Reply early(Reply.Received reply) {
    return reply.status() / 100 == 2
        ? new Reply.Lost(request + ": " + reply.summary() + " before it had all of the body", true)
        : reply;
  }

  void broke(Throwable why) {
    tear(new Sent.Replied(Replies.lost(request, why, "the connection broke")));
  }

  private void contentFailed(Throwable why) {
    if (!isAnswered) {
      tear(new Sent.ContentFailed(why, to != null));
    }
  }

  private void stalled() {
    long ms = inactivity.toMillis();
    if (to == null) {
      tear(
          new Sent.Replied(
              new Reply.Lost("%s: no connection within %d ms".formatted(request, ms), false)));
    } else if (isComplete || isAnswered) {
      tear(lost("no whole answer within %d ms".formatted(ms)));
    } else if (onTheWay.get() > 0) {
      tear(lost("nothing was taken for %d ms".formatted(ms)));
    } else {
      contentFailed(new TimeoutException("the content gave nothing for %d ms".formatted(ms)));
    }
  }

  private Sent lost(String why) {
    return new Sent.Replied(new Reply.Lost(request + ": " + why, true));
  }

  /** Ends the request so that it cannot be taken for complete, unless it has ended already. */
  private void tear(Sent with) {
    if (outcome.tryComplete(with)) {
      if (!isContentOver) {
        content.pause();
      }
      HttpClientRequest connection = to;
      if (connection != null) {
        connection.reset();
      }
    }
  }

  private void moved() {
    lastMove = System.nanoTime();
  }

  private boolean isOver() {
    return outcome.future().isComplete();
  }
}
