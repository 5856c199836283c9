package sh.cinch.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/** A Kafka broker inside this JVM, its own controller, on a port of localhost. */
public final class Broker implements AutoCloseable {

  private final Home home;
  private final int port;
  private final AtExit atExit;
  private @Nullable KafkaRaftServer server;
  private boolean closed;

  private Broker(Home home, int preferredPort, Duration exitGrace) {
    this.home = home;
    this.port = home.port(preferredPort);
    this.atExit = new AtExit(this::close, exitGrace);
  }

  /** One for a test: on any port, deleted on close. */
  public static Broker temporary() {
    Home.abandoned("kafka", Instant.now()).forEach(Home::close);
    return start(Home.temporary("kafka"), 0, Duration.ZERO);
  }

  /**
   * One whose records stay in this directory.
   *
   * @param preferredPort taken if free, else another one, kept for the next time; 0 for any
   * @throws IllegalStateException if the directory is in use, or Kafka does not start
   */
  public static Broker kept(Path directory, int preferredPort) {
    return start(Home.kept(directory), preferredPort, Duration.ZERO);
  }

  static Broker start(Home home, int preferredPort, Duration exitGrace) {
    try {
      Broker broker = new Broker(home, preferredPort, exitGrace);
      broker.start();
      return broker;
    } catch (RuntimeException e) {
      home.close();
      throw e;
    }
  }

  // Synchronized with close: a JVM that exits meanwhile waits for the broker, to stop it then.
  private synchronized void start() {
    try {
      atExit.arm();
      Map<String, String> settings = BrokerSettings.of(home.data(), port, Ports.firstFree());
      home.begin();
      if (!Files.exists(home.data())) {
        format(settings);
      }
      home.finished();
      server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
      server.startup();
    } catch (Exception e) { // Scala declares none and throws any
      close();
      throw new IllegalStateException(
          "Kafka does not start in " + home.data() + ": " + e.getMessage(), e);
    }
  }

  /** Gives a new directory its cluster id, by the tool that comes with Kafka. */
  private void format(Map<String, String> settings) throws IOException {
    Path file = home.file("format.properties");
    Properties properties = new Properties();
    properties.putAll(settings);
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, "What Kafka's data was made with; read by nobody again");
    }
    var said = new ByteArrayOutputStream();
    String[] command = {
      "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()
    };
    int status = StorageTool.execute(command, new PrintStream(said, true, StandardCharsets.UTF_8));
    if (status != 0) {
      throw new IOException(said.toString(StandardCharsets.UTF_8));
    }
  }

  int port() {
    return port;
  }

  /** For {@code bootstrap.servers}: {@code localhost:port}. */
  public String bootstrapServers() {
    return "localhost:" + port;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    atExit.disarm();
    try {
      if (server != null) {
        server.shutdown();
      }
    } finally {
      home.close();
    }
  }
}
