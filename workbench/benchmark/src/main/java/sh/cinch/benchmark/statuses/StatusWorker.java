package sh.cinch.benchmark.statuses;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sh.cinch.benchmark.stand.JavaProcess;
import sh.cinch.benchmark.stand.Stand;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.statusworker.Main;

/** A status-worker as an operator starts it. */
final class StatusWorker implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MEMORY = "128m";
  private static final int LINES_SHOWN = 8;

  private final StatusStand stand;
  private final Path log;
  private final int management = freePort();
  private final JavaProcess process;

  /**
   * @param inFlight posts that it may have under way together
   */
  StatusWorker(StatusStand stand, int inFlight) {
    this.stand = stand;
    this.log = stand.log();
    // What its log costs an operator, it costs here.
    this.process =
        JavaProcess.start(Main.class, environment(inFlight), MEMORY, Redirect.to(log.toFile()));
    try {
      awaitReady();
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private Map<String, String> environment(int inFlight) {
    DatabaseSettings database = stand.stand().databaseSettings();
    Map<String, String> environment = new HashMap<>();
    environment.put("CINCH_MANAGEMENT_HOST", "127.0.0.1");
    environment.put("CINCH_MANAGEMENT_PORT", String.valueOf(management));
    environment.put("CINCH_KAFKA", stand.stand().kafka().bootstrapServers());
    stand
        .stand()
        .kafka()
        .properties()
        .ifPresent(file -> environment.put("CINCH_KAFKA_PROPERTIES", file.toString()));
    environment.put("CINCH_DATABASE_URL", database.url());
    environment.put("CINCH_DATABASE_USER", database.user());
    environment.put("CINCH_DATABASE_PASSWORD", database.password().reveal());
    environment.put("CINCH_TOKEN_SERVICE_URL", "http://localhost:" + stand.stand().port());
    environment.put("CINCH_SERVICE_SECRET", Stand.WORKER_SECRET);
    environment.put("CINCH_BITBUCKET_URL", stand.stand().bitbucket().toString());
    environment.put("CINCH_BITBUCKET_API_URL", stand.stand().bitbucket().toString());
    environment.put("CINCH_BITBUCKET_HOURLY_LIMIT", "0");
    environment.put("CINCH_STATUS_POSTS", String.valueOf(inFlight));
    return environment;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no port is free", e);
    }
  }

  private void awaitReady() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/health/ready".formatted(management)))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!isReady(http, ready)) {
        requireAlive();
        if (System.nanoTime() > end) {
          throw new IllegalStateException("the status-worker does not become ready");
        }
        Thread.sleep(Duration.ofMillis(100));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static boolean isReady(HttpClient http, HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /**
   * @throws IllegalStateException where it has ended
   */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException("the status-worker has ended: " + endOfLog());
    }
  }

  private String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    } catch (IOException none) {
      return "it has said nothing";
    }
  }

  ProcessHandle handle() {
    return process.handle();
  }

  @Override
  public void close() {
    process.close();
  }
}
