package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Kafka;

/** What the rest of Cinch reads on {@code cinch.credential.v1}. */
class AnnouncementsTest {

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();
  private final Consumer<byte[], byte[]> reader = new Kafka(Backends.kafka()).reader();

  @AfterEach
  void close() {
    reader.close();
    stack.close();
  }

  @Test
  void everyChangeOfStateIsAnnouncedOnceAndInOrder() {
    List<TopicPartition> partitions =
        reader.partitionsFor(Topic.CREDENTIAL.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    reader.assign(partitions);
    reader.seekToBeginning(partitions);

    UUID credential = stack.connect(instance, "ada");
    stack.clock.advance(Duration.ofHours(3));
    instance.lease(credential);
    stack.forge.settings("revokeGrant", "ada");
    stack.clock.advance(Duration.ofHours(3));
    instance.lease(credential);
    instance.exchange(stack.forge.authorize("ada"));
    instance.erase(credential);

    List<CredentialEvent> events = new ArrayList<>();
    await()
        .untilAsserted(
            () -> {
              reader
                  .poll(Duration.ofMillis(100))
                  .forEach(record -> take(record, credential, events));
              assertThat(events)
                  .extracting(CredentialEvent::state)
                  .containsExactly(State.HEALTHY, State.UNCLEAR, State.HEALTHY, State.REVOKED);
            });
    assertThat(events.get(1).reason()).contains("refused");
  }

  private static void take(
      ConsumerRecord<byte[], byte[]> record, UUID credential, List<CredentialEvent> events) {
    if (new String(record.key(), StandardCharsets.UTF_8).equals(credential.toString())
        && EventJson.read(record.value(), CredentialEvent.class)
            instanceof Reading.Good<CredentialEvent>(CredentialEvent event)) {
      events.add(event);
    }
  }
}
