package sh.cinch.bitbucket.client;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** So many zeros, made when they are asked for; ends when it is told to. */
final class GeneratedContent implements ReadStream<Buffer> {
  private static final int PIECE = 64 * 1024;

  private final Vertx vertx;
  private final Context context;
  private final long length;
  private final AtomicLong given = new AtomicLong();
  private boolean isPaused;
  private boolean endsItself = true;
  private long pauseMs;
  private boolean hasEnded;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  GeneratedContent(Vertx vertx, long length) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.length = length;
  }

  /** All bytes, and then nothing until {@link #end} or {@link #fail}. */
  GeneratedContent heldBack() {
    endsItself = false;
    return this;
  }

  /** A piece now and then. */
  GeneratedContent dripping(long ms) {
    pauseMs = ms;
    return this;
  }

  long given() {
    return given.get();
  }

  void end() {
    context.runOnContext(
        now -> {
          endsItself = true;
          step();
        });
  }

  void fail(Throwable why) {
    context.runOnContext(now -> fail(exceptionHandler, why));
  }

  private static void fail(@Nullable Handler<Throwable> to, Throwable why) {
    if (to != null) {
      to.handle(why);
    }
  }

  private synchronized void step() {
    Handler<Buffer> to = handler;
    if (isPaused || to == null || hasEnded) {
      return;
    }
    long left = length - given.get();
    if (left > 0) {
      int size = (int) Math.min(left, PIECE);
      given.addAndGet(size);
      to.handle(Buffer.buffer(new byte[size]));
      if (pauseMs > 0) {
        vertx.setTimer(pauseMs, id -> step());
      } else {
        context.runOnContext(next -> step());
      }
    } else if (endsItself && endHandler != null) {
      hasEnded = true;
      endHandler.handle(null);
    }
  }

  @Override
  public GeneratedContent exceptionHandler(@Nullable Handler<Throwable> next) {
    exceptionHandler = next;
    return this;
  }

  @Override
  public synchronized GeneratedContent handler(@Nullable Handler<Buffer> next) {
    handler = next;
    return this;
  }

  @Override
  public synchronized GeneratedContent endHandler(@Nullable Handler<Void> next) {
    endHandler = next;
    return this;
  }

  @Override
  public synchronized GeneratedContent pause() {
    isPaused = true;
    return this;
  }

  @Override
  public synchronized GeneratedContent resume() {
    isPaused = false;
    context.runOnContext(now -> step());
    return this;
  }

  @Override
  public GeneratedContent fetch(long amount) {
    return resume();
  }
}
