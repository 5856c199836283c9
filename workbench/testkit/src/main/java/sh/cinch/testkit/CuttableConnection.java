package sh.cinch.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between an instance and a server, in the hands of a test: it sees what passes, and
 * can be cut, which is what either side sees of the other's death.
 */
public final class CuttableConnection implements AutoCloseable {

  /** Decides about each piece that passes. */
  public interface Watch {

    /**
     * @return whether it goes on to the server
     */
    default boolean asks(byte[] bytes, int length) {
      return true;
    }

    /**
     * @return whether it goes on to the instance
     */
    default boolean answers(byte[] bytes, int length) {
      return true;
    }
  }

  private static final Watch LET_PASS = new Watch() {};
  private static final int PIECE = 64 * 1024;

  private final int target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Watch watch = LET_PASS;
  private volatile boolean cut;

  private CuttableConnection(int target, ServerSocket server) {
    this.target = target;
    this.server = server;
  }

  /**
   * @param target a port of this machine
   */
  public static CuttableConnection to(int target) {
    try {
      CuttableConnection cable =
          new CuttableConnection(target, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      Thread.ofVirtual().name("cable").start(cable::accept);
      return cable;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The address of what is at the far end, as it is from here. */
  public String through(String url) {
    return url.replaceFirst(":\\d+/", ":" + port() + "/");
  }

  public int port() {
    return server.getLocalPort();
  }

  public void watch(Watch now) {
    watch = now;
  }

  /** Nothing passes any more, and what was connected is not. */
  public void cut() {
    cut = true;
    sockets.forEach(CuttableConnection::hangUp);
  }

  public void mend() {
    cut = false;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        if (cut) {
          hangUp(near);
          continue;
        }
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        sockets.add(near);
        sockets.add(far);
        Thread.ofVirtual().start(() -> pass(near, far, true));
        Thread.ofVirtual().start(() -> pass(far, near, false));
        if (cut) {
          cut();
        }
      } catch (IOException e) {
        // Closed, or nobody listens at the other end: the next one may have more luck.
      }
    }
  }

  private void pass(Socket from, Socket to, boolean isQuestion) {
    byte[] bytes = new byte[PIECE];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        if (isQuestion ? watch.asks(bytes, length) : watch.answers(bytes, length)) {
          out.write(bytes, 0, length);
        }
      }
    } catch (IOException e) {
      // One end is gone, so the other goes as well.
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void hangUp(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is gone, as was wanted.
    }
  }

  @Override
  public void close() {
    cut();
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
