package sh.cinch.acceptance.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A hostile connection: what is sent on it is not much together with all the others'. */
final class Line implements AutoCloseable {

  /** About what the system sends to make a connection and to end it. */
  private static final int TO_CONNECT = 512;

  private static final int PIECE = 16 * 1024;
  private static final int SMALL_WINDOW = 2 * 1024;
  private static final int CONNECTED_WITHIN_MS = 20_000;
  private static final Duration DRIP = Duration.ofSeconds(1);
  private static final int STATUS_FROM = "HTTP/1.1 ".length();

  private final Throttle throttle;
  private final Answers answers;
  private final Socket socket = new Socket();

  /**
   * @param from an address of this machine
   */
  Line(InetAddress from, int port, Throttle throttle, Answers answers)
      throws IOException, InterruptedException {
    this.throttle = throttle;
    this.answers = answers;
    throttle.take(TO_CONNECT);
    try {
      socket.setReceiveBufferSize(SMALL_WINDOW);
      // No port waits for stragglers: there are not enough of them.
      socket.setSoLinger(true, 0);
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECTED_WITHIN_MS);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  void send(String text) throws IOException, InterruptedException {
    send(text.getBytes(ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException, InterruptedException {
    for (int at = 0; at < bytes.length; at += PIECE) {
      int length = Math.min(PIECE, bytes.length - at);
      throttle.take(length);
      socket.getOutputStream().write(bytes, at, length);
    }
  }

  /** A byte a second, for as long as it is heard. */
  void drip(String text) throws IOException, InterruptedException {
    for (byte each : text.getBytes(ISO_8859_1)) {
      throttle.take(1);
      socket.getOutputStream().write(each);
      Thread.sleep(DRIP);
    }
  }

  /** Reads one answer, as far as it comes in one piece; false where the other side is done. */
  boolean isAnswered() throws IOException {
    byte[] read = new byte[SMALL_WINDOW];
    InputStream in = socket.getInputStream();
    int length = in.read(read);
    if (length > STATUS_FROM + 3) {
      answers.note(new String(read, STATUS_FROM, 3, ISO_8859_1));
    }
    return length >= 0;
  }

  /** Until the other side is done. */
  void untilClosed() throws IOException {
    while (isAnswered()) {
      // whatever it was
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
