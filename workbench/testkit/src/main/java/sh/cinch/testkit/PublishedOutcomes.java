package sh.cinch.testkit;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.topic.Topic;

/** All that a worker has written to its topics. */
public final class PublishedOutcomes implements AutoCloseable {

  private final TopicReader reader;

  public PublishedOutcomes(KafkaAccess kafka) {
    this.reader = new TopicReader(kafka, List.of(Topic.OUTCOME, Topic.DEAD_LETTER));
  }

  /** What became of the states of a commit, in order. */
  public List<Outcome> ofCommit(String commit) {
    return outcomes().filter(outcome -> commit.equals(outcome.commit())).toList();
  }

  /** What became of what an event asked for, in order. */
  public List<Outcome> causedBy(String event) {
    return outcomes().filter(outcome -> event.equals(outcome.causedBy())).toList();
  }

  private Stream<Outcome> outcomes() {
    return reader.events(Topic.OUTCOME).stream();
  }

  public List<ConsumerRecord<byte[], byte[]>> recordsOfCommit(String commit) {
    return reader.records(Topic.OUTCOME).stream()
        .filter(record -> commit.equals(reader.parsed(record, Topic.OUTCOME).commit()))
        .toList();
  }

  public List<ConsumerRecord<byte[], byte[]>> deadLetters(String key) {
    return reader.records(Topic.DEAD_LETTER, key);
  }

  @Override
  public void close() {
    reader.close();
  }
}
