package sh.cinch.acceptance.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import sh.cinch.acceptance.deliveries.Push.Attempt;
import sh.cinch.acceptance.deliveries.Push.Moved;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.TopicReader;

/** What is on the topic of some pushes, held against how they were answered. */
final class Check {

  private static final Duration ARRIVED_WITHIN = Duration.ofSeconds(90);
  private static final Duration LOOKS = Duration.ofMillis(200);

  private final List<Push> pushes;
  private final Map<String, Place> byCommit = new HashMap<>();
  private final Map<String, Set<String>> ids = new HashMap<>();
  private final List<String> misplaced = new ArrayList<>();
  private final List<String> strangers = new ArrayList<>();
  private int repeated;

  /** Where in which payload a commit was. */
  private record Place(Push push, int index) {}

  private Check(List<Push> pushes, TopicReader topic) {
    this.pushes = pushes;
    Map<String, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
    for (Push push : pushes) {
      for (int i = 0; i < push.moved().size(); i++) {
        byCommit.put(push.moved().get(i).commit(), new Place(push, i));
      }
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

  /**
   * Returns once all that was taken is there.
   *
   * @param pushes all of their repositories
   */
  static Check of(List<Push> pushes, TopicReader topic) {
    assertThat(pushes).as("otherwise there is nothing to see").anyMatch(Push::isTaken);
    await()
        .atMost(ARRIVED_WITHIN)
        .pollInterval(LOOKS)
        .untilAsserted(
            () ->
                assertThat(new Check(pushes, topic).missing())
                    .as("taken, and not on the topic as a whole")
                    .isEmpty());
    return new Check(pushes, topic);
  }

  /** A repository's, in the topic's order: what was taken before another was sent is before it. */
  private void read(List<ConsumerRecord<byte[], byte[]>> records, TopicReader topic) {
    long latest = Long.MIN_VALUE;
    IdentityHashMap<Push, Integer> indexes = new IdentityHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      PushEvent event = topic.parsed(record, Topic.PUSH);
      Place place = byCommit.get(event.commit());
      if (place == null || !isOf(place, event)) {
        strangers.add(event.ref() + " at " + event.commit());
        continue;
      }
      Push push = place.push();
      Set<String> known = ids.computeIfAbsent(event.commit(), first -> new HashSet<>());
      if (known.isEmpty()) {
        Integer before = indexes.put(push, place.index());
        if ((before != null && before > place.index())
            || (push.isTaken() && push.ended() < latest)) {
          misplaced.add(event.ref() + " at " + event.commit());
        }
        latest = Math.max(latest, push.begun());
      } else {
        repeated++;
      }
      known.add(TopicReader.header(record, "ce_id").orElse("none"));
    }
  }

  private static boolean isOf(Place place, PushEvent event) {
    Moved moved = place.push().moved().get(place.index());
    return event.ref().equals("refs/heads/" + moved.branch())
        && Objects.equals(moved.from(), event.oldHash());
  }

  private List<Push> missing() {
    return pushes.stream()
        .filter(Push::isTaken)
        .filter(push -> !push.moved().stream().map(Moved::commit).allMatch(ids::containsKey))
        .toList();
  }

  private boolean isDoubled(Push push) {
    return push.moved().stream()
        .anyMatch(moved -> ids.getOrDefault(moved.commit(), Set.of()).size() > 1);
  }

  private boolean isThere(Push push) {
    return push.moved().stream().map(Moved::commit).anyMatch(ids::containsKey);
  }

  /** The figures. */
  Proof proof(String title, String circumstances) {
    return Proof.of(title)
        .that(circumstances)
        .figure("pushes", pushes.size())
        .figure("of these of more than one ref", pushes(push -> push.moved().size() > 1))
        .figure("attempts to deliver them", attempts(attempt -> true))
        .figure("of these answered 2xx", attempts(Attempt::isTaken))
        .figure("answered 503", attempts(Check::isPutOff))
        .figure("not answered", attempts(attempt -> !attempt.isAnswered()))
        .figure("pushes taken at once", pushes(push -> push.isTaken() && !push.isRetried()))
        .figure(
            "taken at a later attempt with the same request id",
            pushes(push -> push.isTaken() && push.isRetried() && push.hasOneId()))
        .figure(
            "taken at a later attempt with another request id",
            pushes(push -> push.isTaken() && push.isRetried() && !push.hasOneId()))
        .figure("of all these, not on the topic as a whole", missing().size())
        .figure("of all these, behind one that was sent after they were taken", misplaced.size())
        .figure("records repeated", repeated)
        .figure("pushes repeated under another id", pushes(this::isDoubled))
        .figure("pushes given up after three attempts", pushes(Push::isGivenUp))
        .figure("pushes not answered and not tried again", pushes(Push::isForgotten))
        .figure(
            "of these two on the topic all the same",
            pushes(push -> !push.isTaken() && isThere(push)));
  }

  /** Besides that it is there, which had to be waited for. */
  Check isInOrderAndOnce() {
    return isInOrderAndOnce(push -> false);
  }

  /**
   * The same.
   *
   * @param excused those that may be there under two ids
   */
  Check isInOrderAndOnce(Predicate<Push> excused) {
    assertThat(misplaced).as("behind what was sent later").isEmpty();
    assertThat(strangers).as("what nobody has pushed").isEmpty();
    assertNone("under two ids", excused.negate().and(this::isDoubled));
    assertNone(
        "answered otherwise",
        push ->
            push.attempts().stream()
                .anyMatch(
                    attempt -> attempt.isAnswered() && !attempt.isTaken() && !isPutOff(attempt)));
    return this;
  }

  /** Where one store at least was well, and an instance was there. */
  Check hasGivenUpNone() {
    assertNone("given up", Push::isGivenUp);
    return this;
  }

  Check hasTriedNoneAgain() {
    assertNone("tried again", Push::isRetried);
    return this;
  }

  private void assertNone(String how, Predicate<Push> which) {
    assertThat(pushes.stream().filter(which)).as(how).isEmpty();
  }

  private static boolean isPutOff(Attempt attempt) {
    return attempt.status() == 503;
  }

  private long pushes(Predicate<Push> which) {
    return pushes.stream().filter(which).count();
  }

  private long attempts(Predicate<Attempt> which) {
    return pushes.stream().flatMap(push -> push.attempts().stream()).filter(which).count();
  }
}
