package sh.cinch.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.schema.topic.Topic;

/** All that was ever published of how things stand, held against what each reader relies on. */
public final class PublishedStates<T> implements AutoCloseable {

  private final TopicReader reader;
  private final Topic<T> topic;
  private final ToLongFunction<T> version;

  public PublishedStates(KafkaAccess kafka, Topic<T> topic, ToLongFunction<T> version) {
    this.reader = new TopicReader(kafka, List.of(topic));
    this.topic = topic;
    this.version = version;
  }

  /** Everything of which something was published. */
  public Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    reader.records(topic).forEach(record -> keys.add(new String(record.key(), UTF_8)));
    return keys;
  }

  /**
   * How one thing came to stand as it does, each version once: one that was sent again, as may be
   * after a kill, says the same under the same id.
   */
  public List<T> of(String key) {
    Map<String, T> versions = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records(key)) {
      T state = reader.parsed(record, topic);
      String id = TopicReader.header(record, "ce_id").orElse("");
      T before = versions.putIfAbsent(id, state);
      if (!id.equals(key + ":" + version.applyAsLong(state))
          || !Objects.requireNonNullElse(before, state).equals(state)
          || (before == null && version.applyAsLong(state) != versions.size())) {
        throw new AssertionError("%s says %s after %s".formatted(id, state, versions));
      }
    }
    return List.copyOf(versions.values());
  }

  public List<ConsumerRecord<byte[], byte[]>> records(String key) {
    return reader.records(topic, key);
  }

  @Override
  public void close() {
    reader.close();
  }
}
