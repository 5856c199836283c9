package sh.cinch.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A build runner as somebody else would write it: it knows the topics and their JSON, and none of
 * our classes.
 */
final class Runner implements AutoCloseable {

  private static final String PUSHES = "cinch.push.v1";
  private static final String BUILD_STATES = "cinch.build-state.v1";
  private static final String OUTCOMES = "cinch.outcome.v1";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KafkaConsumer<String, String> pushes;
  private final KafkaConsumer<String, String> outcomes;
  private final KafkaProducer<String, String> states;

  /**
   * @param key of the record
   * @param brokerTime when the broker had it
   */
  record Event(String key, Instant brokerTime, String id, String trace, JsonNode body) {
    String text(String field) {
      return body.path(field).asText();
    }
  }

  /** One that has read where Kafka is and how to get in. */
  static Runner of(Path stackFile) {
    try {
      return new Runner(JSON.readTree(stackFile.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + stackFile, e);
    }
  }

  private Runner(JsonNode stack) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", stack.path("kafka").asText());
    settings.put("security.protocol", "SASL_PLAINTEXT");
    settings.put("sasl.mechanism", "PLAIN");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(stack.path("kafkaUser").asText(), stack.path("kafkaPassword").asText()));
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    pushes = consumer(settings, PUSHES);
    outcomes = consumer(settings, OUTCOMES);
    settings.remove(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    states = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  /** The next so many pushes. */
  List<Event> awaitPushes(int count) {
    return await(pushes, count);
  }

  List<Event> awaitOutcomes(int count) {
    return await(outcomes, count);
  }

  /** Reads on until this outcome comes; others before it are passed over. */
  List<Event> awaitOutcomes(Predicate<Event> last) {
    List<Event> events = new ArrayList<>();
    while (events.stream().noneMatch(last)) {
      events.addAll(await(outcomes, 1));
    }
    return events;
  }

  /**
   * Tells how a build stands.
   *
   * @return when the broker had it
   */
  Instant report(Event push, String check, String number, int sequence, String state) {
    String commit = push.text("commit");
    String repository = push.body().path("repository").path("id").asText();
    ObjectNode body = JSON.createObjectNode();
    body.putObject("repository").put("id", repository);
    body.put("commit", commit)
        .put("ref", push.text("ref"))
        .put("key", check)
        .put("name", check.equals("unit") ? "Unit tests" : "Lint")
        .put("number", number)
        .put("state", state)
        .put("url", "https://ci.example.com/jobs/" + number)
        .put("sequence", sequence)
        .put("occurredAt", Instant.now().toString());
    ProducerRecord<String, String> record =
        new ProducerRecord<>(BUILD_STATES, repository + ":" + commit, body.toString());
    // Optional for a runner; with it the trace goes on from the push to the call of Bitbucket.
    record.headers().add("traceparent", push.trace().getBytes(StandardCharsets.UTF_8));
    try {
      return Instant.ofEpochMilli(states.send(record).get().timestamp());
    } catch (ExecutionException e) {
      throw new Unexpected("Kafka did not take the build state: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unexpected("interrupted");
    }
  }

  private static KafkaConsumer<String, String> consumer(
      Map<String, Object> settings, String topic) {
    KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    consumer.assign(
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList());
    return consumer;
  }

  private static List<Event> await(KafkaConsumer<String, String> consumer, int count) {
    List<Event> events = new ArrayList<>();
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (events.size() < count) {
      if (System.nanoTime() > patience) {
        throw new Unexpected("only %d of %d events came".formatted(events.size(), count));
      }
      consumer.poll(Duration.ofMillis(100)).forEach(record -> events.add(read(record)));
    }
    return events;
  }

  private static Event read(ConsumerRecord<String, String> record) {
    try {
      return new Event(
          record.key(),
          Instant.ofEpochMilli(record.timestamp()),
          header(record, "ce_id"),
          header(record, "traceparent"),
          JSON.readTree(record.value()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    pushes.close();
    outcomes.close();
    states.close();
  }
}
