package sh.cinch.releaseworker.send;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A source that does what the test says. */
final class GivenSource implements ReadStream<Buffer> {

  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<@Nullable Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  void gives(String text) {
    if (handler != null) {
      handler.handle(Buffer.buffer(text));
    }
  }

  void ends() {
    if (endHandler != null) {
      endHandler.handle(null);
    }
  }

  void fails(String why) {
    if (exceptionHandler != null) {
      exceptionHandler.handle(new IOException(why));
    }
  }

  @Override
  public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> told) {
    exceptionHandler = told;
    return this;
  }

  @Override
  public ReadStream<Buffer> handler(@Nullable Handler<Buffer> taker) {
    handler = taker;
    return this;
  }

  @Override
  public ReadStream<Buffer> pause() {
    return this;
  }

  @Override
  public ReadStream<Buffer> resume() {
    return this;
  }

  @Override
  public ReadStream<Buffer> fetch(long amount) {
    return this;
  }

  @Override
  public ReadStream<Buffer> endHandler(@Nullable Handler<Void> ended) {
    endHandler = ended;
    return this;
  }
}
