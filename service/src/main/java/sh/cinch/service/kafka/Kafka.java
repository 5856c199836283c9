package sh.cinch.service.kafka;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes Kafka clients; whoever asks for one closes it. */
public final class Kafka {

  private final KafkaSettings settings;

  public Kafka(KafkaSettings settings) {
    this.settings = settings;
  }

  /**
   * Acknowledged by all replicas, in order, without repeats of its own.
   *
   * @param patience how long one record may take before its future fails
   */
  public Producer<byte[], byte[]> producer(Duration patience) {
    return producer(patience, patience);
  }

  /** The same, but where sending would block, as before it has found its broker, it fails. */
  public Producer<byte[], byte[]> instantProducer(Duration patience) {
    return producer(patience, Duration.ZERO);
  }

  private Producer<byte[], byte[]> producer(Duration patience, Duration mayBlock) {
    Properties properties = common();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 1);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, mayBlock.toMillis());
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis() / 2);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** A member of a group that begins at the earliest record and commits only what it is told. */
  public Consumer<byte[], byte[]> consumer(String group) {
    Properties properties = reading();
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    properties.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    // A killed instance's partitions move on after seconds, not after 45 of them.
    properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    // Whoever joins or leaves is waited for until all others have asked once more.
    properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** A reader of whole topics, by itself, that commits nothing. */
  public Consumer<byte[], byte[]> reader() {
    return new KafkaConsumer<>(reading(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The same for records here and there: little is fetched that is not asked for. */
  public Consumer<byte[], byte[]> lookup() {
    Properties properties = reading();
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 64 * 1024);
    // What is fetched ahead keeps the next one waiting for so long.
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 5);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  public Admin admin() {
    return Admin.create(common());
  }

  /** One that gives up when a call has taken so long. */
  public Admin admin(Duration patience) {
    Properties properties = common();
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    return Admin.create(properties);
  }

  private Properties reading() {
    Properties properties = common();
    // A broker that makes what is asked for would make it otherwise than it must be.
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return properties;
  }

  private Properties common() {
    Properties properties = new Properties();
    settings.properties().ifPresent(file -> load(properties, file));
    properties.put("bootstrap.servers", settings.bootstrapServers());
    return properties;
  }

  private static void load(Properties properties, Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read CINCH_KAFKA_PROPERTIES " + file, e);
    }
  }
}
