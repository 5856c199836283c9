package sh.cinch.service.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import sh.cinch.schema.http.RequestLimits;

/**
 * Every HTTP server of ours: plain HTTP/1.1, bounded in bytes, time and connections, and told
 * nothing that could be understood in two ways.
 */
public final class BoundedServer {

  /** How much is read from a connection before others have their turn. */
  private static final int READ_AT_ONCE = 16 * 1024;

  private static final int READ_FIRST = 2 * 1024;
  private static final int READ_LEAST = 512;

  /** Connections that are not counted yet, or any more. */
  private static final int ON_THEIR_WAY = 256;

  /** How long an answer, or each piece of a long one, may wait for its reader. */
  private static final int TAKEN_WITHIN_SECONDS = 30;

  private final HttpBounds bounds;
  private final Conversation.Times times;
  private final Handler<HttpServerRequest> handler;
  private final AtomicBoolean hasGate = new AtomicBoolean();

  private BoundedServer(
      HttpBounds bounds, Conversation.Times times, Handler<HttpServerRequest> handler) {
    this.bounds = bounds;
    this.times = times;
    this.handler = handler;
  }

  /**
   * Returns once it listens.
   *
   * @param options where; what else they say of limits is overruled
   */
  public static HttpServer listen(
      Vertx vertx,
      HttpServerOptions options,
      HttpBounds bounds,
      Handler<HttpServerRequest> handler) {
    return listen(vertx, options, bounds, Conversation.Times.USUAL, handler);
  }

  static HttpServer listen(
      Vertx vertx,
      HttpServerOptions options,
      HttpBounds bounds,
      Conversation.Times times,
      Handler<HttpServerRequest> handler) {
    HttpServerOptions bounded =
        new HttpServerOptions(options)
            .setHttp2ClearTextEnabled(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .setDecompressionSupported(false)
            .setMaxHeaderSize(RequestLimits.HEADERS)
            .setMaxInitialLineLength(RequestLimits.LINE)
            .setIdleTimeout((int) Conversation.Times.USUAL.idle().toSeconds());
    BoundedServer server = new BoundedServer(bounds, times, handler);
    return vertx
        .createHttpServer(bounded)
        .connectionHandler(server::connected)
        .requestHandler(server::handle)
        .listen()
        .await();
  }

  /** Before a byte of it is read. */
  private void connected(HttpConnection connection) {
    ChannelHandlerContext context = ((HttpServerConnection) connection).channelHandlerContext();
    if (hasGate.compareAndSet(false, true)) {
      context
          .channel()
          .parent()
          .pipeline()
          .addFirst(new Gate(bounds.connections().most() + ON_THEIR_WAY));
    }
    Conversation conversation = new Conversation(bounds.connections(), times);
    if (!bounds.connections().opened(conversation)) {
      var unused = context.close();
      return;
    }
    AdaptiveRecvByteBufAllocator reads =
        new AdaptiveRecvByteBufAllocator(READ_LEAST, READ_FIRST, READ_AT_ONCE);
    context.channel().config().setRecvByteBufAllocator(reads.maxMessagesPerRead(1));
    ChannelPipeline pipeline = context.pipeline();
    pipeline.replace("httpDecoder", "httpDecoder", conversation.decoder());
    pipeline.addAfter("httpEncoder", "conversation", conversation);
    pipeline.addAfter(
        "httpEncoder", "taken", new WriteTimeoutHandler(TAKEN_WITHIN_SECONDS, TimeUnit.SECONDS));
  }

  private void handle(HttpServerRequest request) {
    ChannelPipeline pipeline =
        ((HttpServerConnection) request.connection()).channelHandlerContext().pipeline();
    Objects.requireNonNull(pipeline.get(Conversation.class)).handling(request);
    RequestCheck.wrong(request)
        .ifPresentOrElse(
            why -> {
              request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
              new Problem(400, "Malformed request", why).send(request.response());
            },
            () -> handler.handle(request));
  }
}
