package sh.cinch.benchmark.statuses;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Kafka;

/**
 * The limit: what comes on a topic is read and posted at once. The topic is one like that of the
 * build states and not that one, or the status-worker would post it all as well.
 */
final class BareConsumer implements AutoCloseable {

  static final Topic<BuildState> LIKE = Topic.BUILD_STATE;

  private static final Duration POLL = Duration.ofMillis(100);
  private static final int SECONDS = 60;

  private final BarePoster poster;
  private final String topic;
  private final Consumer<byte[], byte[]> consumer;
  private final Thread thread = Thread.ofPlatform().name("bare-consumer").unstarted(this::consume);
  private final Map<String, Build> builds = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<@Nullable Void>> posts = new ConcurrentHashMap<>();
  private volatile boolean open = true;

  BareConsumer(StatusStand stand, BarePoster poster) {
    this.poster = poster;
    this.topic = "benchmark." + System.nanoTime();
    Kafka kafka = new Kafka(stand.stand().kafka());
    this.consumer = kafka.reader();
    int partitions = consumer.partitionsFor(LIKE.name()).size();
    try (Admin admin = kafka.admin()) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka makes no topic", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      all.add(new TopicPartition(topic, i));
    }
    consumer.assign(all);
    thread.start();
  }

  String topic() {
    return topic;
  }

  /** Which builds are reported next. */
  void expect(List<Build> some) {
    builds.clear();
    builds.putAll(some.stream().collect(Collectors.toMap(Build::commit, Function.identity())));
    posts.clear();
    some.forEach(build -> posts.put(build.commit(), new CompletableFuture<>()));
  }

  /** Returns once all that was expected is posted. */
  void await() {
    try {
      CompletableFuture.allOf(posts.values().toArray(CompletableFuture[]::new))
          .get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the bare consumer does not post what it reads", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void consume() {
    while (open) {
      consumer.poll(POLL).forEach(this::post);
    }
    consumer.close();
  }

  private void post(ConsumerRecord<byte[], byte[]> record) {
    String commit =
        switch (EventJson.read(record.value(), BuildState.class)) {
          case Reading.Good<BuildState>(BuildState build) -> build.commit();
          case Reading.Bad<BuildState>(String reason) -> throw new IllegalStateException(reason);
        };
    CompletableFuture<@Nullable Void> awaited = Objects.requireNonNull(posts.get(commit));
    Future<?> unused =
        poster
            .post(Objects.requireNonNull(builds.get(commit)))
            .onSuccess(posted -> awaited.complete(null))
            .onFailure(awaited::completeExceptionally);
  }

  @Override
  public void close() throws InterruptedException {
    open = false;
    thread.join();
  }
}
