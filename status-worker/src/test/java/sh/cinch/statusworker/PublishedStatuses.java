package sh.cinch.statusworker;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.TopicReader;

/** How statuses stand, as a reader of the topic knows it. */
final class PublishedStatuses {

  private final TopicReader reader;

  PublishedStatuses(KafkaAccess kafka) {
    this.reader = new TopicReader(kafka, List.of(Topic.COMMIT_STATUS));
  }

  /** The newest of each key; none of those that were taken back. */
  Collection<CommitStatusEvent> of(String commit) {
    Map<String, CommitStatusEvent> newest = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : reader.records(Topic.COMMIT_STATUS)) {
      String key = new String(record.key(), StandardCharsets.UTF_8);
      if (record.value() == null) {
        newest.remove(key);
      } else {
        newest.put(key, reader.parsed(record, Topic.COMMIT_STATUS));
      }
    }
    return newest.values().stream().filter(state -> state.commit().equals(commit)).toList();
  }

  /** Every one that was published of a commit, in order. */
  List<CommitStatusEvent> history(String commit) {
    return reader.records(Topic.COMMIT_STATUS).stream()
        .filter(record -> record.value() != null)
        .map(record -> reader.parsed(record, Topic.COMMIT_STATUS))
        .filter(state -> state.commit().equals(commit))
        .toList();
  }
}
