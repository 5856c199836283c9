package sh.cinch.ingress.pushes;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.RetryAfter;
import sh.cinch.service.kafka.Kafka;

/** What Kafka says of the topic: its partitions, and from where to where each is kept. Blocks. */
final class PushTopic implements AutoCloseable {

  /**
   * @param earliest of each partition, the first offset that is kept
   * @param latest of each partition, the offset that the next record gets
   */
  record Layout(String topicId, List<Long> earliest, List<Long> latest) {
    PushCursor beginning() {
      return new PushCursor(topicId, earliest);
    }

    PushCursor end() {
      return new PushCursor(topicId, latest);
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String name;
  private final Admin admin;

  PushTopic(Kafka kafka, String name) {
    this.name = name;
    this.admin = kafka.admin(PATIENCE);
  }

  TopicPartition partition(int number) {
    return new TopicPartition(name, number);
  }

  /**
   * As it is now.
   *
   * @throws Problem 503 where Kafka does not say
   */
  Layout layout() {
    TopicDescription described =
        ask(
            Objects.requireNonNull(
                admin.describeTopics(List.of(name)).topicNameValues().get(name)));
    List<TopicPartition> partitions =
        IntStream.range(0, described.partitions().size()).mapToObj(this::partition).toList();
    var earliest = offsets(partitions, OffsetSpec.earliest());
    var latest = offsets(partitions, OffsetSpec.latest());
    return new Layout(
        described.topicId().toString(),
        inOrder(partitions, ask(earliest)),
        inOrder(partitions, ask(latest)));
  }

  private KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
      List<TopicPartition> of, OffsetSpec which) {
    return admin
        .listOffsets(of.stream().collect(Collectors.toMap(Function.identity(), partition -> which)))
        .all();
  }

  private static List<Long> inOrder(
      List<TopicPartition> partitions, Map<TopicPartition, ListOffsetsResultInfo> found) {
    return partitions.stream()
        .map(partition -> Objects.requireNonNull(found.get(partition)).offset())
        .toList();
  }

  private static <T> T ask(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw notNow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notNow();
    }
  }

  static Problem notNow() {
    return new Problem(
            503,
            "Not now",
            "Kafka does not answer; ask again with the same 'after', nothing is lost.")
        .retryAfter(RetryAfter.SOON);
  }

  @Override
  public void close() {
    // Whoever asked has gone.
    admin.close(Duration.ZERO);
  }
}
