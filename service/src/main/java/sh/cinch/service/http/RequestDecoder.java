package sh.cinch.service.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.ArrayList;
import java.util.List;
import sh.cinch.schema.http.RequestLimits;

/**
 * Reads HTTP/1.1 more strictly than Netty does: what two servers could read in two ways is no
 * request. Makes no more objects of bytes than they are worth: one request at a time, and one piece
 * of many tiny chunks.
 */
@SuppressWarnings("FutureReturnValueIgnored") // whether it closes at once does not matter
final class RequestDecoder extends VertxHttpRequestDecoder {

  /** What may come in before the request before it is answered. */
  private static final int AHEAD = RequestLimits.LINE + RequestLimits.HEADERS;

  private static final int TINY = 512;
  private static final int PIECE = 8 * 1024;
  private static final short LINE_END = 0x0d0a;

  private final Conversation conversation;
  private int headers;

  /** Whether the next byte belongs to a head, and whether the head's first line is read. */
  private boolean inHead = true;

  private boolean afterFirstLine;
  private boolean broken;

  RequestDecoder(Conversation conversation) {
    super(
        new Http1ServerConfig()
            .setMaxHeaderSize(RequestLimits.HEADERS)
            .setMaxInitialLineLength(RequestLimits.LINE));
    this.conversation = conversation;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (broken) {
      in.skipBytes(in.readableBytes());
    } else if (inHead && conversation.isBusy()) {
      if (in.readableBytes() > AHEAD) {
        context.close();
      }
    } else if (inHead && foldsNow(in)) {
      in.skipBytes(in.readableBytes());
      HttpMessage invalid = createInvalidMessage();
      invalid.setDecoderResult(
          DecoderResult.failure(new IllegalArgumentException("a header goes over several lines")));
      broken = true;
      out.add(invalid);
    } else {
      super.decode(context, in, out);
      if (out.size() == 1 && isTiny(out.get(0))) {
        gather(context, in, out);
      }
      out.forEach(this::note);
    }
  }

  /** Goes on with what has come in while the request before it was being answered. */
  void goOn(ChannelHandlerContext context) throws Exception {
    if (actualReadableBytes() > 0) {
      channelRead(context, Unpooled.EMPTY_BUFFER);
      channelReadComplete(context);
    }
  }

  /** A body may come in chunks of one byte: they are handed on as one. */
  private void gather(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    ByteBuf gathered = Unpooled.buffer(TINY);
    add(gathered, out.get(0));
    List<Object> next = new ArrayList<>(2);
    while (in.isReadable() && next.isEmpty() && gathered.readableBytes() < PIECE) {
      takeTinyChunks(in, gathered);
      int before = in.readableBytes();
      super.decode(context, in, next);
      if (next.size() == 1 && isTiny(next.get(0))) {
        add(gathered, next.get(0));
        next.clear();
      } else if (next.isEmpty() && in.readableBytes() == before) {
        break;
      }
    }
    out.set(0, new DefaultHttpContent(gathered));
    out.addAll(next);
  }

  /**
   * Whole ones of a size of one digit, without an object of each. As something is left after a
   * chunk, its end has been read, unless that comes next itself, which is no digit.
   */
  private static void takeTinyChunks(ByteBuf in, ByteBuf gathered) {
    while (gathered.readableBytes() < PIECE) {
      int sizeAt = in.readerIndex();
      int size = digit(in, sizeAt);
      int dataAt = sizeAt + 3;
      int end = dataAt + size;
      if (size == 0 || !isLineEnd(in, sizeAt + 1) || !isLineEnd(in, end)) {
        return;
      }
      gathered.writeBytes(in, dataAt, size);
      in.readerIndex(end + 2);
    }
  }

  private static boolean isLineEnd(ByteBuf in, int at) {
    return at + 2 <= in.writerIndex() && in.getShort(at) == LINE_END;
  }

  /** A chunk's size of one digit; 0 where it is none, or the last chunk. */
  private static int digit(ByteBuf in, int at) {
    return at < in.writerIndex() ? Math.max(Character.digit(in.getByte(at), 16), 0) : 0;
  }

  private static void add(ByteBuf gathered, Object tiny) {
    HttpContent content = (HttpContent) tiny;
    gathered.writeBytes(content.content());
    content.release();
  }

  private static boolean isTiny(Object message) {
    return message instanceof HttpContent content
        && !(message instanceof LastHttpContent)
        && content.decoderResult().isSuccess()
        && content.content().readableBytes() < TINY;
  }

  private void note(Object message) {
    if (message instanceof HttpRequest request) {
      inHead = false;
      afterFirstLine = false;
      broken = request.decoderResult().isFailure();
    }
    if (message instanceof LastHttpContent) {
      inHead = true;
      headers = 0;
    }
  }

  private boolean foldsNow(ByteBuf in) {
    conversation.heard();
    return folds(in);
  }

  /** Obsolete folding: Netty makes one line of it, others do not. */
  private boolean folds(ByteBuf in) {
    boolean first = !afterFirstLine;
    int end = in.writerIndex();
    int line = in.readerIndex();
    while (line < end) {
      byte start = in.getByte(line);
      if (!first && (start == ' ' || start == '\t')) {
        return true;
      }
      int next = in.indexOf(line, end, (byte) '\n');
      boolean isEmpty = next == line || (next == line + 1 && start == '\r');
      if (next < 0 || (isEmpty && !first)) {
        return false;
      }
      first = first && isEmpty;
      line = next + 1;
    }
    return false;
  }

  @Override
  protected HttpMessage createMessage(String[] firstLine) {
    afterFirstLine = true;
    headers = 0;
    if (!firstLine[2].equals("HTTP/1.1") && !firstLine[2].equals("HTTP/1.0")) {
      throw new IllegalArgumentException("another version");
    }
    return super.createMessage(firstLine);
  }

  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    headers++;
    if (headers > RequestLimits.HEADER_COUNT) {
      throw new TooLongHttpHeaderException("more headers than are taken");
    }
    return super.splitHeaderName(line, start, length);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("a length and chunks");
  }
}
