package sh.cinch.service.intake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Kafka;

/**
 * How far the intakes of a group have come with a topic, all instances together: Kafka knows it,
 * also of partitions that nobody reads just now.
 */
public final class IntakeProgress implements AutoCloseable {

  /** Where the partitions ended at a time. */
  private record Mark(Instant at, Map<TopicPartition, Long> ends) {}

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Admin admin;
  private final String group;
  private final String topic;
  private final InstantSource clock;
  private @Nullable Mark ahead;
  private Optional<Instant> recordedUntil = Optional.empty();

  public IntakeProgress(Kafka kafka, String group, Topic<?> topic, InstantSource clock) {
    this.admin = kafka.admin(PATIENCE);
    this.group = group;
    this.topic = topic.name();
    this.clock = clock;
  }

  /**
   * A moment for which is known that all which was on the topic then is recorded. Empty where none
   * is known yet; while records come all the time, that of the look before.
   *
   * @throws IllegalStateException where Kafka does not say
   */
  public synchronized Optional<Instant> recordedUntil() {
    Mark mark = ahead == null ? new Mark(clock.instant(), offsets(OffsetSpec.latest())) : ahead;
    if (isRecorded(mark.ends())) {
      recordedUntil = Optional.of(mark.at());
      ahead = null;
    } else {
      ahead = mark;
    }
    return recordedUntil;
  }

  private boolean isRecorded(Map<TopicPartition, Long> ends) {
    // What was deleted before anybody read it never will be recorded.
    Map<TopicPartition, Long> recorded = new HashMap<>(offsets(OffsetSpec.earliest()));
    committed()
        .forEach((partition, offset) -> recorded.merge(partition, offset.offset(), Math::max));
    return ends.entrySet().stream()
        .allMatch(end -> recorded.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  private Map<TopicPartition, OffsetAndMetadata> committed() {
    return ask(kafka -> kafka.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
  }

  private Map<TopicPartition, Long> offsets(OffsetSpec which) {
    TopicDescription described =
        ask(kafka -> kafka.describeTopics(List.of(topic)).topicNameValues().get(topic));
    Map<TopicPartition, OffsetSpec> asked =
        described.partitions().stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .collect(Collectors.toMap(Function.identity(), partition -> which));
    Map<TopicPartition, ListOffsetsResultInfo> found = ask(kafka -> kafka.listOffsets(asked).all());
    return found.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  private <T> T ask(Function<Admin, KafkaFuture<T>> question) {
    try {
      return question.apply(admin).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "Kafka does not say how far group=%s is with topic=%s".formatted(group, topic),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    // Whoever asked has gone.
    admin.close(Duration.ZERO);
  }
}
