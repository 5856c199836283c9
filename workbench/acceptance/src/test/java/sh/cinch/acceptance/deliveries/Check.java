package sh.cinch.acceptance.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import sh.cinch.acceptance.deliveries.Push.Moved;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.TopicReader;

/** What is on the topic of some pushes, held against how they were answered. */
final class Check {

  private final List<Push> pushes;
  private final Map<String, Push> byCommit = new HashMap<>();
  private final Map<String, Set<String>> ids = new HashMap<>();
  private final List<String> misplaced = new ArrayList<>();
  private final List<String> strangers = new ArrayList<>();
  private int repeated;

  Check(List<Push> pushes, TopicReader topic) {
    this.pushes = pushes;
    Map<String, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
    for (Push push : pushes) {
      push.moved().forEach(moved -> byCommit.put(moved.commit(), push));
      records.put(push.to().id().toString(), new ArrayList<>());
    }
    for (ConsumerRecord<byte[], byte[]> record : topic.records(Topic.PUSH)) {
      List<ConsumerRecord<byte[], byte[]>> ofOne = records.get(new String(record.key(), UTF_8));
      if (ofOne != null) {
        ofOne.add(record);
      }
    }
    records.values().forEach(ofOne -> read(ofOne, topic));
  }

  /** A repository's, in the topic's order. */
  private void read(List<ConsumerRecord<byte[], byte[]>> records, TopicReader topic) {
    Set<Push> inOrder = new LinkedHashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      PushEvent event = topic.parsed(record, Topic.PUSH);
      String commit = String.valueOf(event.commit());
      Push push = byCommit.get(commit);
      if (push == null || !isOf(push, event)) {
        strangers.add(event.toString());
        continue;
      }
      Set<String> known = ids.computeIfAbsent(commit, first -> new HashSet<>());
      if (!known.isEmpty()) {
        repeated++;
      }
      known.add(TopicReader.header(record, "ce_id").orElse("none"));
      inOrder.add(push);
    }
    order(inOrder);
  }

  private static boolean isOf(Push push, PushEvent event) {
    return push.moved().stream()
        .filter(moved -> moved.commit().equals(event.commit()))
        .anyMatch(
            moved ->
                event.ref().equals("refs/heads/" + moved.branch())
                    && (moved.from() == null
                        ? event.oldHash() == null
                        : moved.from().equals(event.oldHash())));
  }

  /** What was taken before another was sent stands before it. */
  private void order(Set<Push> inOrder) {
    long latest = Long.MIN_VALUE;
    for (Push push : inOrder) {
      if (push.isTaken() && push.ended() < latest) {
        misplaced.add(push.toString());
      }
      latest = Math.max(latest, push.begun());
    }
  }

  /** Pushes that were taken and are not there, or not as a whole. */
  List<Push> missing() {
    return pushes.stream()
        .filter(Push::isTaken)
        .filter(push -> !push.moved().stream().map(Moved::commit).allMatch(ids::containsKey))
        .toList();
  }

  /** Those that are there after another one that was sent later. */
  List<String> misplaced() {
    return misplaced;
  }

  /** Events that nobody pushed. */
  List<String> strangers() {
    return strangers;
  }

  /** Pushes that are there under two ids. */
  List<Push> doubled() {
    return pushes.stream()
        .filter(
            push ->
                push.moved().stream()
                    .anyMatch(moved -> ids.getOrDefault(moved.commit(), Set.of()).size() > 1))
        .toList();
  }

  /** Records beyond the first of an event. */
  int repeated() {
    return repeated;
  }

  /** Pushes that were not taken and are there all the same. */
  long thereUntaken() {
    return pushes.stream()
        .filter(push -> !push.isTaken())
        .filter(push -> push.moved().stream().map(Moved::commit).anyMatch(ids::containsKey))
        .count();
  }
}
