package sh.cinch.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
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

/**
 * A Kafka broker inside this JVM, its own controller, on a port of localhost, where it asks for a
 * password: other people of this machine reach that port, too.
 */
public final class Broker extends EmbeddedServer {

  private static final String USER = "cinch";

  private @Nullable KafkaRaftServer server;

  private Broker(Home home, int preferredPort, Duration exitGrace) {
    super(home, preferredPort, exitGrace);
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
    return started(home, () -> new Broker(home, preferredPort, exitGrace));
  }

  @Override
  void launch() throws IOException {
    Map<String, String> settings =
        BrokerSettings.of(home.data(), port, Ports.firstFree(), USER, password);
    if (!Files.exists(home.data())) {
      format(settings);
    }
    home.finished();
    KafkaAccess unused = access().write();
    server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
    server.startup();
  }

  @Override
  void halt() {
    if (server != null) {
      server.shutdown();
    }
  }

  @Override
  String reason(Exception e) {
    return "Kafka does not start in " + home.data() + ": " + e.getMessage();
  }

  /** Gives a new directory its cluster id, by the tool that comes with Kafka. */
  private void format(Map<String, String> settings) throws IOException {
    Path file = home.file("format.properties");
    Properties properties = new Properties();
    properties.putAll(settings);
    StringWriter text = new StringWriter();
    properties.store(text, "What Kafka's data was made with; read by nobody again");
    OwnersFile.write(file, text.toString());
    var said = new ByteArrayOutputStream();
    String[] command = {
      "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()
    };
    int status = StorageTool.execute(command, new PrintStream(said, true, StandardCharsets.UTF_8));
    if (status != 0) {
      throw new IOException(said.toString(StandardCharsets.UTF_8));
    }
  }

  /** How to get in. */
  public KafkaAccess access() {
    return new KafkaAccess("localhost:" + port, USER, password, home.file("client.properties"));
  }
}
