package sh.cinch.releaseworker.send;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** A few bytes as a stream: all of them at once, when they are first asked for. */
final class Bytes implements ReadStream<Buffer> {

  private final Buffer bytes;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<@Nullable Void> endHandler;
  private boolean given;

  Bytes(byte[] bytes) {
    this.bytes = Buffer.buffer(bytes);
  }

  @Override
  public ReadStream<Buffer> resume() {
    if (!given) {
      given = true;
      if (handler != null) {
        handler.handle(bytes);
      }
      if (endHandler != null) {
        endHandler.handle(null);
      }
    }
    return this;
  }

  @Override
  public ReadStream<Buffer> fetch(long amount) {
    return resume();
  }

  @Override
  public ReadStream<Buffer> pause() {
    return this;
  }

  @Override
  public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> told) {
    return this;
  }

  @Override
  public ReadStream<Buffer> handler(@Nullable Handler<Buffer> taker) {
    handler = taker;
    return this;
  }

  @Override
  public ReadStream<Buffer> endHandler(@Nullable Handler<Void> ended) {
    endHandler = ended;
    return this;
  }
}
