package sh.cinch.acceptance.rolling;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** One address for all instances of a service: each connection to the next that takes it. */
public final class Balancer implements AutoCloseable {

  private final ServerSocket server;
  private final List<Integer> instances = new CopyOnWriteArrayList<>();
  private int turn;

  public Balancer() {
    try {
      server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("balancer").start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  public void add(int port) {
    instances.add(port);
  }

  public void remove(int port) {
    instances.remove(Integer.valueOf(port));
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        Optional<Socket> far = connect();
        if (far.isPresent()) {
          Thread.ofVirtual().start(() -> pass(near, far.get()));
          Thread.ofVirtual().start(() -> pass(far.get(), near));
        } else {
          near.close();
        }
      } catch (IOException e) {
        // Closed, or whoever called has gone.
      }
    }
  }

  private Optional<Socket> connect() {
    List<Integer> now = List.copyOf(instances);
    turn++;
    for (int i = 0; i < now.size(); i++) {
      try {
        return Optional.of(
            new Socket(InetAddress.getLoopbackAddress(), now.get((turn + i) % now.size())));
      } catch (IOException e) {
        // Its process is gone: the next one.
      }
    }
    return Optional.empty();
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.setTcpNoDelay(true);
      long unused = from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One end is gone, so the other goes as well.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
