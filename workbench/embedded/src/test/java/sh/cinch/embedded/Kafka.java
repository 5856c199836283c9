package sh.cinch.embedded;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What a client sees of a broker. */
record Kafka(KafkaAccess access) {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  void create(String topic) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.of((short) 1))))
          .all()
          .get();
    }
  }

  Set<String> topics() throws Exception {
    try (Admin admin = admin()) {
      return admin.listTopics().names().get();
    }
  }

  String clusterId() throws Exception {
    try (Admin admin = admin()) {
      return admin.describeCluster().clusterId().get();
    }
  }

  private Admin admin() {
    return Admin.create(access.client(Map.of()));
  }

  /** In a transaction, so that the broker's transaction log is tried as well. */
  void produce(String topic, String value) {
    Map<String, Object> settings = access.client(Map.of("transactional.id", "test"));
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      var unused = producer.send(new ProducerRecord<>(topic, value));
      producer.commitTransaction();
    }
  }

  /** In a group, so that the broker's group coordinator is tried as well. */
  List<String> consume(String topic, String group) {
    Map<String, Object> settings =
        access.client(Map.of("group.id", group, "auto.offset.reset", "earliest"));
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end) {
        var records = consumer.poll(Duration.ofMillis(200));
        if (!records.isEmpty()) {
          consumer.commitSync();
          return StreamSupport.stream(records.spliterator(), false).map(r -> r.value()).toList();
        }
      }
      return List.of();
    }
  }
}
