package sh.cinch.service.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection, byte by byte. */
final class Talk implements AutoCloseable {

  private final Socket socket;

  Talk(int port) throws IOException {
    socket = new Socket("localhost", port);
    socket.setSoTimeout(10_000);
  }

  Talk say(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Whether some of an answer is here. */
  boolean isAnswered() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  /** The next answer, with a body of the length it says. */
  String answer() throws IOException {
    StringBuilder head = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int one = in.read();
      if (one < 0) {
        return head.toString();
      }
      head.append((char) one);
    }
    int length =
        head.toString()
            .lines()
            .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
            .map(line -> Integer.parseInt(line.substring(15).strip()))
            .findFirst()
            .orElse(0);
    return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /** Whether the other end closes it, with whatever was still to come. */
  boolean ends() {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
