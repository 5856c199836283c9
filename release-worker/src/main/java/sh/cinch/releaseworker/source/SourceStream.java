package sh.cinch.releaseworker.source;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer, passed on as they are asked for and held to their number. It ends or
 * fails once, on the answer's context, and a failure waits for whoever asks for it. Made there,
 * before any byte came; used from any thread.
 */
final class SourceStream implements ReadStream<Buffer> {

  private final Vertx vertx;
  private final Context context;
  private final HttpClientResponse response;
  private final String whom;
  private final long size;
  private final Duration inactivity;

  /** Of the context's thread alone. */
  private long timer;

  private long demand;
  private long lastMove = System.nanoTime();
  private long given;
  private boolean isOver;
  private @Nullable Throwable failure;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  /**
   * @param response of this context, nothing of it read
   */
  SourceStream(
      Vertx vertx, HttpClientResponse response, String whom, long size, Duration inactivity) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.response = response.pause();
    this.whom = whom;
    this.size = size;
    this.inactivity = inactivity;
    response.exceptionHandler(
        broken -> fail(new IOException("the connection to %s broke".formatted(whom))));
    response.handler(this::took);
    response.endHandler(this::ended);
    watch(inactivity.toNanos());
  }

  /** Breaks off what has not ended. */
  void close() {
    onItsContext(() -> fail(new IOException("it was closed before its end")));
  }

  private void took(Buffer bytes) {
    Handler<Buffer> to;
    long sofar;
    synchronized (this) {
      if (isOver) {
        return;
      }
      if (demand != Long.MAX_VALUE) {
        demand--;
      }
      lastMove = System.nanoTime();
      given += bytes.length();
      sofar = given;
      to = handler;
    }
    if (sofar > size) {
      fail(new MoreThanAnnounced(whom, size));
    } else if (to != null) {
      to.handle(bytes);
    }
  }

  private void ended(Void end) {
    Handler<Void> to;
    long missing;
    synchronized (this) {
      if (isOver) {
        return;
      }
      missing = size - given;
      isOver = missing == 0;
      to = endHandler;
    }
    if (missing > 0) {
      fail(new IOException("%s ended %d bytes before %d".formatted(whom, missing, size)));
      return;
    }
    vertx.cancelTimer(timer);
    closeConnection();
    if (to != null) {
      to.handle(null);
    }
  }

  private void fail(Throwable why) {
    Handler<Throwable> to;
    synchronized (this) {
      if (isOver) {
        return;
      }
      isOver = true;
      failure = why;
      to = exceptionHandler;
    }
    vertx.cancelTimer(timer);
    closeConnection();
    if (to != null) {
      to.handle(why);
    }
  }

  /** Nobody else uses it. */
  private void closeConnection() {
    boolean unused = response.request().connection().close().succeeded();
  }

  private void watch(long nanos) {
    timer = vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), fired -> look());
  }

  private void look() {
    long left;
    synchronized (this) {
      if (isOver) {
        return;
      }
      // Whoever asks for nothing cannot be kept waiting.
      left = inactivity.toNanos() - (demand == 0 ? 0 : System.nanoTime() - lastMove);
    }
    if (left > 0) {
      watch(left);
    } else {
      fail(
          new IOException(
              "%s gave nothing for %d seconds".formatted(whom, inactivity.toSeconds())));
    }
  }

  @Override
  public SourceStream exceptionHandler(@Nullable Handler<Throwable> next) {
    Throwable told;
    synchronized (this) {
      exceptionHandler = next;
      told = failure;
    }
    if (told != null && next != null) {
      context.runOnContext(now -> next.handle(told));
    }
    return this;
  }

  @Override
  public synchronized SourceStream handler(@Nullable Handler<Buffer> next) {
    handler = next;
    return this;
  }

  @Override
  public synchronized SourceStream endHandler(@Nullable Handler<Void> next) {
    endHandler = next;
    return this;
  }

  @Override
  public SourceStream pause() {
    synchronized (this) {
      demand = 0;
    }
    onItsContext(response::pause);
    return this;
  }

  @Override
  public SourceStream resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public SourceStream fetch(long amount) {
    synchronized (this) {
      if (isOver) {
        return this;
      }
      if (demand == 0) {
        lastMove = System.nanoTime();
      }
      demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    }
    onItsContext(() -> response.fetch(amount));
    return this;
  }

  /**
   * From any other thread Vert.x says that the connection was closed while the last bytes still
   * wait to be asked for.
   */
  private void onItsContext(Runnable step) {
    try {
      context.runOnContext(now -> step.run());
    } catch (RejectedExecutionException e) {
      // Vert.x itself is closed, and the connection with it.
    }
  }

  @Override
  public String toString() {
    return "bytes of " + whom;
  }
}
