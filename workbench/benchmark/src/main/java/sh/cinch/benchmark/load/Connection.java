package sh.cinch.benchmark.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection that is kept, with one request at a time. Written by hand: a whole HTTP client
 * takes more of the processor than what is measured, and would be the limit itself.
 */
final class Connection implements AutoCloseable {

  private static final int LONGEST_ANSWER = 64 * 1024;
  private static final Pattern LENGTH =
      Pattern.compile("\r\ncontent-length: *([0-9]+)\r\n", Pattern.CASE_INSENSITIVE);

  private final SocketChannel channel;
  private final Message message;
  private final ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER);
  private int end;
  private long sentAt;

  private Connection(SocketChannel channel, Message message) {
    this.channel = channel;
    this.message = message;
  }

  static Connection open(int port, Message message, Selector selector) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("localhost", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    Connection connection = new Connection(channel, message.copy());
    channel.register(selector, SelectionKey.OP_READ, connection);
    return connection;
  }

  /**
   * @param at the time it counts from
   * @param number another one each time
   */
  void send(long at, long number) throws IOException {
    answer.clear();
    end = 0;
    sentAt = at;
    ByteBuffer request = message.next(number);
    // The answer to the one before has come: there soon is room for it.
    while (request.hasRemaining()) {
      channel.write(request);
    }
  }

  long sentAt() {
    return sentAt;
  }

  /** Takes what there is; whether the answer is complete now. */
  boolean receive() throws IOException {
    if (channel.read(answer) < 0) {
      throw new EOFException("the connection was closed");
    }
    if (end == 0) {
      end = endOfAnswer();
    }
    return end > 0 && answer.position() >= end;
  }

  boolean isGood() {
    return answer.get("HTTP/1.1 ".length()) == '2';
  }

  private int endOfAnswer() throws IOException {
    byte[] bytes = answer.array();
    for (int i = 3; i < answer.position(); i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        Matcher length = LENGTH.matcher(new String(bytes, 0, i + 1, StandardCharsets.ISO_8859_1));
        if (!length.find()) {
          throw new IOException("an answer without its length");
        }
        return i + 1 + Integer.parseInt(length.group(1));
      }
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
