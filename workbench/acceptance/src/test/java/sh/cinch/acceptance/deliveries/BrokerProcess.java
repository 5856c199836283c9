package sh.cinch.acceptance.deliveries;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.testkit.ChildProcess;

/** A Kafka in a process of its own, which can be killed and paused: always one data, one port. */
final class BrokerProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path folder;
  private final Path home;
  private ChildProcess process;

  /**
   * @param folder for its data and its log
   */
  BrokerProcess(Path folder) {
    this.folder = folder;
    this.home = folder.resolve("kafka");
    this.process = begin();
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    Broker broker = Broker.kept(home, 0);
    Files.writeString(address(home), broker.access().bootstrapServers());
    new CountDownLatch(1).await();
  }

  /** Written once it serves. */
  private static Path address(Path home) {
    return home.resolveSibling("kafka.address");
  }

  private ChildProcess begin() {
    try {
      Files.deleteIfExists(address(home));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ChildProcess.start(
        ChildProcess.classPath(),
        List.of(BrokerProcess.class.getName(), home.toString()),
        Map.of(),
        folder,
        folder.resolve("kafka.log").toFile(),
        List.of("-Xmx256m"));
  }

  /** Starts it again, where it is not there, and returns once it serves. */
  void start() {
    if (!process.isAlive()) {
      process = begin();
    }
    await("Kafka")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .failFast("Kafka has ended", () -> !process.isAlive())
        .until(() -> Files.exists(address(home)));
  }

  /** SIGKILL. */
  void kill() {
    process.kill();
    awaitEnd();
  }

  /** SIGTERM. */
  void stop() {
    process.terminate();
    awaitEnd();
  }

  private void awaitEnd() {
    await("end of Kafka").atMost(PATIENCE).until(() -> !process.isAlive());
  }

  void pause() {
    process.pause();
  }

  void resume() {
    process.resume();
  }

  /** How to get in; the same for as long as this is open. */
  KafkaAccess access() {
    try {
      return new KafkaAccess(
          Files.readString(address(home)),
          "cinch",
          Files.readString(home.resolve("password")).strip(),
          home.resolve("client.properties"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
