package sh.cinch.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.topic.Topic;

/** Writes records as any program with the contract does; what is written is there. */
public final class TopicWriter implements AutoCloseable {

  private final Producer<byte[], byte[]> producer;

  public TopicWriter(KafkaAccess kafka) {
    this.producer =
        new KafkaProducer<>(
            kafka.client(Map.of("max.block.ms", 10_000)),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** An event of {@code /cinch/test}. */
  public <T> void write(Topic<T> topic, String key, T event) {
    write(
        topic,
        key,
        EventJson.write(event),
        Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            UUID.randomUUID().toString(),
            "ce_source",
            "/cinch/test",
            "ce_type",
            topic.type(),
            "ce_subject",
            key,
            "ce_time",
            Instant.now().toString(),
            "content-type",
            "application/json",
            "traceparent",
            "00-%s-%s-01".formatted(hex(16), hex(8))));
  }

  /** A record of which a test says everything. */
  public void write(
      Topic<?> topic, String key, byte @Nullable [] value, Map<String, String> headers) {
    RecordHeaders recordHeaders = new RecordHeaders();
    headers.forEach((name, text) -> recordHeaders.add(name, text.getBytes(UTF_8)));
    write(new ProducerRecord<>(topic.name(), null, key.getBytes(UTF_8), value, recordHeaders));
  }

  public void write(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** As text, with an id of its own where it has none; answers the id. */
  public String write(Topic<?> topic, String key, String value, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    String id = all.computeIfAbsent("ce_id", name -> UUID.randomUUID().toString());
    write(topic, key, value.getBytes(UTF_8), all);
    return id;
  }

  private static String hex(int bytes) {
    byte[] random = new byte[bytes];
    new Random().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  @Override
  public void close() {
    producer.close();
  }
}
