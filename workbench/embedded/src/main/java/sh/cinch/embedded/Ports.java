package sh.cinch.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.SplittableRandom;

/** Which TCP ports of this machine a server may have. */
final class Ports {

  private static final int CONNECT_MILLIS = 500;

  /** Below those from which systems give connections theirs, which may take one meanwhile. */
  private static final int LOWEST = 20_000;

  private static final int HIGHEST = 32_000;
  private static final int TRIES = 50;

  private Ports() {}

  /** The first of these that is free, else any free one. 0 stands for no wish. */
  static int firstFree(int... wanted) {
    for (int port : wanted) {
      if (port != 0 && isFree(port)) {
        return port;
      }
    }
    return new SplittableRandom()
        .ints(TRIES, LOWEST, HIGHEST)
        .filter(Ports::isFree)
        .findFirst()
        .orElseGet(Ports::anyFree);
  }

  private static int anyFree() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("This machine has no free port", e);
    }
  }

  static boolean isFree(int port) {
    try {
      for (InetAddress address : InetAddress.getAllByName("localhost")) {
        // Bound with SO_REUSEADDR, as our own connections of a moment ago may linger. Some systems
        // then allow a bind beside a listener on all addresses: only connecting shows that one.
        if (canBind(address, 0) && (!canBind(address, port) || answers(address, port))) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new UncheckedIOException("This machine does not know localhost", e);
    }
  }

  private static boolean canBind(InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port), 1);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static boolean answers(InetAddress address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }
}
