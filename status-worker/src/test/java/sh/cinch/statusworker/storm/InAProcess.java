package sh.cinch.statusworker.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import sh.cinch.statusworker.Main;
import sh.cinch.statusworker.StatusWorkerConfig;
import sh.cinch.testkit.ChildProcess;
import sh.cinch.testkit.Http;

/** One in a process of its own, as an operator starts it. */
record InAProcess(ChildProcess process, int management) implements Instance {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  static InAProcess start(StatusWorkerConfig config, File log) {
    int management = freePort();
    return new InAProcess(
        ChildProcess.start(
            Main.class, environment(config, management), Path.of(""), log, "-Xmx192m"),
        management);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> environment(StatusWorkerConfig config, int management) {
    return Map.ofEntries(
        Map.entry("CINCH_MANAGEMENT_HOST", "127.0.0.1"),
        Map.entry("CINCH_MANAGEMENT_PORT", String.valueOf(management)),
        Map.entry("CINCH_KAFKA", config.kafka().bootstrapServers()),
        Map.entry("CINCH_KAFKA_PROPERTIES", config.kafka().properties().orElseThrow().toString()),
        Map.entry("CINCH_DATABASE_URL", config.database().url()),
        Map.entry("CINCH_DATABASE_USER", config.database().user()),
        Map.entry("CINCH_DATABASE_PASSWORD", config.database().password().reveal()),
        Map.entry("CINCH_SERVICE_SECRET", config.serviceSecret().reveal()),
        Map.entry("CINCH_TOKEN_SERVICE_URL", config.tokenService().toString()),
        Map.entry("CINCH_BITBUCKET_URL", config.bitbucket().pages().toString()),
        Map.entry("CINCH_BITBUCKET_API_URL", config.bitbucket().api().toString()),
        Map.entry("CINCH_BITBUCKET_HOURLY_LIMIT", "0"));
  }

  @Override
  public void awaitReady() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .failFast("it has ended", () -> !process.isAlive())
        .until(
            () ->
                Http.send("GET", "http://localhost:" + management + "/health/ready", Map.of(), "")
                        .status()
                    == 200);
  }

  /** SIGTERM. */
  @Override
  public void stop() {
    process.terminate();
    await().atMost(PATIENCE).until(() -> !process.isAlive());
    assertThat(process.exitCode()).as("how it ends by SIGTERM").isIn(0, 143);
  }

  /** SIGKILL. */
  @Override
  public void kill() {
    process.kill();
    await().atMost(PATIENCE).until(() -> !process.isAlive());
    assertThat(process.exitCode()).as("it was at work until then").isEqualTo(ChildProcess.KILLED);
  }

  @Override
  public void close() {
    process.close();
  }
}
