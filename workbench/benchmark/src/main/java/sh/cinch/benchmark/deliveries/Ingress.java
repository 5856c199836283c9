package sh.cinch.benchmark.deliveries;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import sh.cinch.benchmark.stand.JavaProcess;
import sh.cinch.ingress.Main;

/** An ingress process that receives webhooks and does nothing else, as an operator starts it. */
final class Ingress implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MEMORY = "64m";

  private final int port = freePort();
  private final JavaProcess process;

  /**
   * @param settings that all services have
   * @param log where it says what an operator would read
   */
  Ingress(Map<String, String> settings, Path log) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("CINCH_ROLES", "webhooks");
    environment.put("CINCH_PORT", String.valueOf(port));
    environment.put("CINCH_MANAGEMENT_PORT", String.valueOf(freePort()));
    this.process = JavaProcess.start(Main.class, environment, MEMORY, Redirect.to(log.toFile()));
    try {
      awaitStart();
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private void awaitStart() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!listens()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("the ingress does not start");
      }
      try {
        Thread.sleep(Duration.ofMillis(50));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  private boolean listens() {
    try (Socket unused = new Socket("localhost", port)) {
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no port is free", e);
    }
  }

  int port() {
    return port;
  }

  ProcessHandle handle() {
    return process.handle();
  }

  /** Resident, in MiB; 0 where the system does not say. */
  long memory() {
    Path status = Path.of("/proc", String.valueOf(process.handle().pid()), "status");
    try {
      return Files.exists(status)
          ? Files.readAllLines(status).stream()
                  .filter(line -> line.startsWith("VmRSS:"))
                  .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                  .sum()
              / 1024
          : 0;
    } catch (IOException gone) {
      return 0;
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
