package sh.cinch.ingress.stack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Sends an upload byte by byte over a socket, and reads what comes back as it comes. */
public final class Sender implements AutoCloseable {

  private final Socket socket;

  public Sender(int port, String path, String token, Map<String, String> headers)
      throws IOException {
    socket = new Socket("localhost", port);
    socket.setSoTimeout(15_000);
    StringBuilder request = new StringBuilder("PUT /api/v1" + path + " HTTP/1.1\r\n");
    request.append("Host: localhost\r\n");
    if (!token.isEmpty()) {
      request.append("Authorization: Bearer ").append(token).append("\r\n");
    }
    headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    send(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII), 0, -1);
  }

  /** Some of the bytes, from one place to before another; -1: to the end. */
  public void send(byte[] bytes, int from, int to) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes, from, (to < 0 ? bytes.length : to) - from);
    out.flush();
  }

  /** What comes next: an interim answer, or a head with its JSON. */
  public String answer() throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    int one = socket.getInputStream().read();
    while (one >= 0) {
      read.write(one);
      String text = read.toString(StandardCharsets.US_ASCII);
      if (text.startsWith("HTTP/1.1 1") ? text.endsWith("\r\n\r\n") : text.endsWith("}")) {
        return text;
      }
      one = socket.getInputStream().read();
    }
    return read.toString(StandardCharsets.US_ASCII);
  }

  /** Whether the other side is done with this connection. */
  public boolean hasEnded() throws IOException {
    return socket.getInputStream().read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
