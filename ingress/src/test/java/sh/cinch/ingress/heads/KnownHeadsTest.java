package sh.cinch.ingress.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.KNOWN_HEAD;
import static sh.cinch.testkit.PushBody.hash;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.database.ingress.tables.records.KnownHeadRecord;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Incoming;

@OnSharedServers
class KnownHeadsTest {

  private static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");
  private static final String MAIN = "refs/heads/main";

  private static TestParts parts;

  private final UUID repository = UUID.randomUUID();
  private long offset = 40;

  @BeforeAll
  static void open() {
    parts = SharedServers.context();
  }

  @AfterAll
  static void close() {
    parts.close();
  }

  @Test
  void severalPushesOfOneRefInABatchApplyInTheirOrder() {
    record(push(MAIN, '1'), push("refs/heads/other", '5'), push(MAIN, '2'), push(MAIN, '3'));

    assertThat(head(MAIN)).isEqualTo(new KnownHead(hash('3'), 3, AT));
    assertThat(head("refs/heads/other")).isEqualTo(new KnownHead(hash('5'), 1, AT));
  }

  @Test
  void theSameRecordsAgainInWhateverBatchesChangeNothing() {
    List<PublishedHead> all = List.of(push(MAIN, '1'), push(MAIN, '2'), push(MAIN, '3'));
    record(all.get(0), all.get(1));

    record(all.get(1));
    record(all.get(0), all.get(1), all.get(2));
    record(all.get(2));
    record(all.get(0));

    assertThat(head(MAIN)).isEqualTo(new KnownHead(hash('3'), 3, AT));
  }

  @Test
  void recordsOfATopicThatWasMadeAnewCount() {
    record(push(MAIN, '1'));
    offset = 0;
    record(push(MAIN, '2', "new", AT.plusSeconds(1)));

    assertThat(head(MAIN)).returns(hash('2'), KnownHead::hash).returns(2L, KnownHead::number);
  }

  @Test
  void aRefThatIsDeletedKeepsItsNumber() {
    record(push(MAIN, '1'), push(MAIN, null));
    assertThat(head(MAIN)).returns(null, KnownHead::hash).returns(2L, KnownHead::number);

    record(push(MAIN, '1'));

    assertThat(head(MAIN)).returns(hash('1'), KnownHead::hash).returns(3L, KnownHead::number);
  }

  @Test
  void anEventThatIsThereTwiceInARowCountsOnce() {
    record(push(MAIN, '1', "one", AT), push(MAIN, '1', "one", AT));
    record(push(MAIN, '1', "one", AT));

    assertThat(head(MAIN)).returns(1L, KnownHead::number);
  }

  /** What the topic says last is what a consumer has seen last. */
  @Test
  void aReconciledPushThatCameAfterAnotherAllTheSameIsTheKnownHead() {
    record(push(MAIN, '1'));
    KnownHeadRecord ahead = new KnownHeadRecord();
    ahead.setHash(hash('2'));
    ahead.setNumber(2L);
    ahead.setEventId("reconciled");
    parts
        .database()
        .sql()
        .update(KNOWN_HEAD)
        .set(ahead)
        .where(KNOWN_HEAD.REPOSITORY_ID.eq(repository))
        .execute();

    record(push(MAIN, '3'), push(MAIN, '2', "reconciled", AT));

    assertThat(head(MAIN)).returns(hash('2'), KnownHead::hash).returns(4L, KnownHead::number);
  }

  @Test
  void whatIsAdoptedIsNoPublicationAndLeavesWhatWasPublishedSince() {
    record(push(MAIN, '1'), push("refs/heads/stale", '1', "stale", AT.minusSeconds(100)));
    record(push("refs/heads/gone", '1', "gone", AT.minusSeconds(100)));

    parts
        .database()
        .write(
            transaction ->
                KnownHeads.adopt(
                    transaction,
                    repository,
                    Map.of(
                        MAIN, hash('9'), "refs/heads/stale", hash('8'), "refs/tags/v1", hash('7')),
                    AT.minusSeconds(50),
                    AT));

    assertThat(KnownHeads.of(parts.database().sql(), repository))
        .isEqualTo(
            Map.of(
                MAIN,
                new KnownHead(hash('1'), 1, AT),
                "refs/heads/stale",
                new KnownHead(hash('8'), 1, AT),
                "refs/heads/gone",
                new KnownHead(null, 1, AT.minusSeconds(100)),
                "refs/tags/v1",
                new KnownHead(hash('7'), 0, AT)));
  }

  @Test
  void testsAndReplaysAreNoPushes() {
    assertThat(PublishedHead.of(incoming(false), event(null, null))).isPresent();
    assertThat(PublishedHead.of(incoming(false), event(true, null))).isEmpty();
    assertThat(PublishedHead.of(incoming(false), event(false, "id"))).isEmpty();
    assertThat(PublishedHead.of(incoming(true), event(false, null))).isEmpty();
  }

  @Test
  void deletedRefsAreForgottenAfterAWhile() {
    record(push(MAIN, '1'), push("refs/heads/gone", '1'), push("refs/heads/gone", null));

    int forgotten = KnownHeads.deleted().delete(parts.database(), AT.plusSeconds(1), 10_000);

    assertThat(forgotten).isPositive();
    assertThat(KnownHeads.of(parts.database().sql(), repository)).containsOnlyKeys(MAIN);
  }

  private PublishedHead push(String ref, @Nullable Character to) {
    return push(ref, to, UUID.randomUUID().toString(), AT);
  }

  private PublishedHead push(String ref, @Nullable Character to, String id, Instant at) {
    return new PublishedHead(repository, ref, to == null ? null : hash(to), id, offset++, at);
  }

  private static void record(PublishedHead... heads) {
    parts
        .database()
        .write(
            transaction ->
                KnownHeads.record(transaction, new ArrayList<>(Stream.of(heads).toList())));
  }

  private KnownHead head(String ref) {
    return Objects.requireNonNull(KnownHeads.of(parts.database().sql(), repository).get(ref));
  }

  private Incoming incoming(boolean isReplay) {
    var record =
        new ConsumerRecord<>(
            Topic.PUSH.name(), 0, 1, "key".getBytes(StandardCharsets.UTF_8), new byte[0]);
    if (isReplay) {
      record.headers().add(Incoming.REPLAY, new byte[0]);
    }
    return new Incoming(record);
  }

  private PushEvent event(@Nullable Boolean test, @Nullable String replayOf) {
    return new PushEvent(
        new Repository(repository, "bitbucket-cloud", "acme/app", "{u}", "https://b/acme/app.git"),
        MAIN,
        PushEvent.Type.BRANCH,
        PushEvent.Change.CREATED,
        null,
        hash('1'),
        null,
        hash('1'),
        null,
        null,
        false,
        false,
        test,
        null,
        null,
        null,
        null,
        replayOf,
        AT.truncatedTo(ChronoUnit.SECONDS));
  }
}
