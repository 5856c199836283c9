package sh.cinch.ingress.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** A page that listens to {@code /events}, with its browser's cookies. */
public final class EventStream implements AutoCloseable {

  private final Socket socket;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Thread reader;

  public EventStream(int port, Browser browser) throws IOException {
    this.socket = new Socket("localhost", port);
    String cookies =
        browser.cookies().stream()
            .map(cookie -> cookie.getName() + "=" + cookie.getValue())
            .collect(Collectors.joining("; "));
    OutputStream out = socket.getOutputStream();
    out.write(
        "GET /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: %s\r\n\r\n"
            .formatted(cookies)
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
    this.reader = Thread.ofVirtual().start(this::read);
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** Whether the server has closed it. */
  public boolean hasEnded() {
    return !reader.isAlive();
  }

  private void read() {
    try (var in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      in.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("broken");
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
