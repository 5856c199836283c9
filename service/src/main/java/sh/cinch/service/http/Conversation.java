package sh.cinch.service.http;

import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.VertxHttpObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.http.RequestLimits;

/**
 * One connection: its requests one after the other, each with its time. Knows when nothing is to be
 * answered, and ends the connection where a request does not come, or its body goes on after the
 * answer. Lives on the connection's event loop, but for {@link #closeNow}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
final class Conversation extends ChannelDuplexHandler implements OpenConnections.Closeable {

  /**
   * How long things may take.
   *
   * @param head a request's head, from its first byte; on a new connection from the beginning
   * @param idle from an answer to the next request
   * @param linger how long the rest of a body is dropped after the answer, so that the sender gets
   *     to read it
   */
  record Times(Duration head, Duration idle, Duration linger) {

    static final Times USUAL =
        new Times(Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(1));
  }

  private static final int CHECKS_A_HEAD = 4;

  /** Less of a body at once is a drip, unless it is its end. */
  private static final int A_STEP_ON = 512;

  private static final int LAST_WORD_MS = 20;
  private static final int DROPPED_AT_MOST = 2 * RequestLimits.DELIVERY;

  private final OpenConnections connections;
  private final Times times;
  private final RequestDecoder decoder;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> checks;
  private @Nullable HttpServerRequest request;
  private long deadline;
  private boolean busy;
  private boolean bodyAwaited;
  private boolean isAnswered;
  private boolean leaving;
  private boolean headBegun;
  private volatile boolean makesWay;
  private int dropped;

  Conversation(OpenConnections connections, Times times) {
    this.connections = connections;
    this.times = times;
    this.decoder = new RequestDecoder(this);
  }

  RequestDecoder decoder() {
    return decoder;
  }

  /** Whether a request is not wholly answered, or not wholly here. */
  boolean isBusy() {
    return busy;
  }

  /** What is being answered. */
  void handling(HttpServerRequest now) {
    request = now;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    headBegins();
    long every = times.head().toMillis() / CHECKS_A_HEAD;
    checks = added.executor().scheduleAtFixedRate(this::check, every, every, TimeUnit.MILLISECONDS);
  }

  private void check() {
    if (!busy && System.nanoTime() - deadline > 0) {
      closeNow();
    }
  }

  private void headBegins() {
    if (!headBegun) {
      headBegun = true;
      deadline = System.nanoTime() + times.head().toNanos();
    }
  }

  /** Bytes have come in that may be the beginning of a head. */
  void heard() {
    if (!busy) {
      headBegins();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext at, Object message) throws Exception {
    if (message instanceof HttpRequest asked) {
      busy = true;
      headBegun = false;
      isAnswered = false;
      bodyAwaited = asked.decoderResult().isSuccess() && hasBody(asked);
      connections.asked(this, !bodyAwaited);
    }
    boolean isLast = message instanceof LastHttpContent;
    if (isLast) {
      bodyAwaited = false;
      connections.isWhole(this);
    } else if (message instanceof HttpContent content
        && content.content().readableBytes() >= A_STEP_ON) {
      connections.goesOn(this);
    }
    if (message instanceof HttpContent content && isAnswered) {
      dropped += content.content().readableBytes();
    }
    super.channelRead(at, message);
    if (isLast && isAnswered) {
      over();
    } else if (dropped > DROPPED_AT_MOST) {
      closeNow();
    }
  }

  private static boolean hasBody(HttpRequest asked) {
    return HttpUtil.isTransferEncodingChunked(asked) || HttpUtil.getContentLength(asked, 0L) > 0;
  }

  @Override
  public void write(ChannelHandlerContext at, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse head && head.status().code() >= 200) {
      HttpHeaders headers = head.headers();
      if (bodyAwaited || makesWay) {
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
      leaving = headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }
    ChannelPromise out = promise.unvoid();
    int bytes = message instanceof ByteBufHolder holder ? holder.content().readableBytes() : 0;
    if (bytes > 0) {
      connections.sending(this, bytes);
      out.addListener(sent -> connections.sent(this, bytes));
    }
    if (message instanceof VertxHttpObject part && part.isEnded()) {
      connections.answered(this);
      out.addListener(sent -> answered());
    }
    at.write(message, out);
  }

  /** The answer has gone out to its last byte. */
  private void answered() {
    isAnswered = true;
    HttpServerRequest answered = request;
    request = null;
    if (answered != null && !answered.isEnded()) {
      answered.handler(null).endHandler(null).resume();
    }
    if (bodyAwaited && context != null) {
      context.executor().schedule(this::closeNow, times.linger().toMillis(), TimeUnit.MILLISECONDS);
    } else {
      over();
    }
  }

  /** Nothing is to be answered any more. */
  private void over() {
    ChannelHandlerContext here = context;
    if (here == null || !here.channel().isActive()) {
      return;
    }
    if (leaving) {
      closeNow();
      return;
    }
    busy = false;
    deadline = System.nanoTime() + times.idle().toNanos();
    here.executor().execute(() -> goOn(here));
  }

  private void goOn(ChannelHandlerContext here) {
    ChannelHandlerContext decoding = here.pipeline().context(decoder);
    if (decoding != null && !busy) {
      try {
        decoder.goOn(decoding);
      } catch (Exception e) {
        decoding.fireExceptionCaught(e);
      }
    }
  }

  /** Its first request may lie there unread where there is much to do: it was not idle then. */
  @Override
  public void makeWay() {
    ChannelHandlerContext here = context;
    if (here != null) {
      makesWay = true;
      here.executor().schedule(this::leaveUnlessAsked, LAST_WORD_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void leaveUnlessAsked() {
    if (!busy || bodyAwaited) {
      closeNow();
    }
  }

  /** At once, whatever has not been sent. */
  @Override
  public void closeNow() {
    ChannelHandlerContext here = context;
    if (here != null) {
      here.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext at) throws Exception {
    Future<?> ticking = checks;
    if (ticking != null) {
      ticking.cancel(false);
    }
    connections.closed(this);
    super.channelInactive(at);
  }
}
