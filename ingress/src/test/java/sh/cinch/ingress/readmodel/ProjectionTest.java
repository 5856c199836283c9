package sh.cinch.ingress.readmodel;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.REPORTED_STATE;
import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.ingress.Tables.REQUESTED_ARTIFACT;
import static sh.cinch.database.ingress.Tables.REQUESTED_RELEASE;
import static sh.cinch.database.ingress.Tables.SHOWN_RELEASE;
import static sh.cinch.database.ingress.Tables.SHOWN_STATUS;
import static sh.cinch.database.service.Tables.OUTBOX;
import static sh.cinch.testkit.PushBody.hash;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.database.ingress.tables.records.ReportedStateRecord;
import sh.cinch.embedded.Broker;
import sh.cinch.ingress.artifacts.release.ReleasedFiles;
import sh.cinch.ingress.connecting.credential.CredentialStates;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.ReleaseEvents;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.StatusEvents;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.schema.event.Limits;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.token.CredentialHealth;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.testkit.PushBody;
import sh.cinch.testkit.TestServers;

@OnSharedServers
class ProjectionTest {

  private static final PageRequest TEN = PageRequest.first(10);

  private final Instant lately =
      Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
  private static final Traceparent TRACE = Traceparent.begin();

  private static TestParts parts;
  private static Producer<byte[], byte[]> producer;
  private static Projection projection;
  private static Projections projections;

  private final UUID repository = UUID.randomUUID();
  private final UUID credential = UUID.randomUUID();

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    producer = parts.context().kafka().producer(Duration.ofSeconds(10));
    projection =
        Projection.start(
            parts.context(), new Outbox("test"), new ReleaseRecorder(ReleasedFiles.NONE));
    projections = new Projections(parts.database());
  }

  @AfterAll
  static void stop() {
    projection.close();
    producer.close();
    parts.close();
  }

  @Test
  void aPushIsShownOnce() {
    send(push("one", lately));
    send(push("one", lately));
    send(push("two", lately.plusSeconds(1)));

    await().until(() -> projections.pushes(List.of(repository), TEN).items().size() == 2);
    Page<PushRow> first = projections.pushes(List.of(repository), PageRequest.first(1));
    assertThat(first.items()).extracting(PushRow::change).containsExactly("created");
    assertThat(first.items()).extracting(PushRow::eventId).containsExactly(id("two"));
    assertThat(projections.pushes(List.of(repository), new PageRequest(1, first.next())).items())
        .extracting(PushRow::eventId)
        .containsExactly(id("one"));
  }

  @Test
  void aPushIsOfTheDeliveryThatFirstBroughtIt() {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    send(push("one", lately)); // as an instance of 0.1.0 writes it down
    await().until(() -> projections.pushes(List.of(repository), TEN).items().size() == 1);

    send(push("one", lately, first));
    send(push("one", lately, second));
    send(push("two", lately, second));

    await().until(() -> projections.pushesOf(second).size() == 1);
    assertThat(projections.pushesOf(first)).extracting(PushRow::eventId).containsExactly(id("one"));
    assertThat(projections.pushesOf(second))
        .extracting(PushRow::eventId)
        .containsExactly(id("two"));
  }

  @Test
  void aStatusIsShownAsItStands() {
    StatusEvents unit = StatusEvents.of(repository, "unit").ref("refs/heads/main");
    send(unit.stands(1));

    assertThat(status("unit"))
        .isEqualTo(StoredEvent.read(unit.event(1).encode(), CommitStatusEvent.class));
  }

  @Test
  void versionsInAnyOrderAndRepeatedEndInTheSame() {
    Random random = new Random(12);
    for (int i = 0; i < 20; i++) {
      StatusEvents events = StatusEvents.of(repository, "unit-" + i);
      List<Long> versions = new ArrayList<>(List.of(1L, 2L, 3L, 4L, 4L, 2L, 1L));
      Collections.shuffle(versions, random);
      versions.forEach(version -> send(events.stands(version)));
    }
    read();

    assertThat(statuses()).hasSize(20).extracting(CommitStatusEvent::version).containsOnly(4L);
  }

  @Test
  void aStatusThatWasForgottenMeanwhileBeginsAnew() {
    StatusEvents unit = StatusEvents.of(repository, "unit");
    Instant at = Instant.parse(unit.event(7).getString("at"));
    send(unit.stands(7));
    send(unit.record(unit.event(1).put("at", at.plus(Limits.AGE).toString())));
    read();
    assertThat(statuses()).extracting(CommitStatusEvent::version).containsExactly(7L);

    send(unit.record(unit.event(1).put("at", at.plus(Limits.AGE).plusMillis(1).toString())));
    read();
    assertThat(statuses()).extracting(CommitStatusEvent::version).containsExactly(1L);
  }

  @Test
  void whatComesAgainUnderOneVersionIsIgnored() {
    StatusEvents unit = StatusEvents.of(repository, "unit");
    send(unit.stands(2));
    send(unit.record(unit.event(2).put("name", "Other")));
    send(unit.record(unit.event(1).put("name", "Older")));
    read();

    assertThat(statuses()).extracting(CommitStatusEvent::name).containsExactly("Unit tests");
  }

  @Test
  void twoRefsOfOneKeyAreTwoStatuses() {
    send(StatusEvents.of(repository, "unit").ref("refs/heads/main").stands(1));
    send(StatusEvents.of(repository, "unit").ref("refs/heads/develop").stands(1));
    read();

    assertThat(statuses())
        .extracting(CommitStatusEvent::ref)
        .containsExactlyInAnyOrder("refs/heads/main", "refs/heads/develop");
  }

  @Test
  void aRecordWithoutAValueTakesItsStatusAway() {
    StatusEvents without = StatusEvents.of(repository, "a:b:c");
    StatusEvents with = without.ref("refs/heads/a/b");
    StatusEvents other = StatusEvents.of(repository, "a:b");
    List.of(without, with, other).forEach(one -> send(one.stands(1)));
    send(without.tombstone());
    read();
    assertThat(statuses())
        .extracting(CommitStatusEvent::key, CommitStatusEvent::ref)
        .containsExactlyInAnyOrder(tuple("a:b:c", "refs/heads/a/b"), tuple("a:b", null));

    send(with.tombstone());
    read();
    assertThat(statuses()).extracting(CommitStatusEvent::key).containsExactly("a:b");

    send(with.stands(1)); // it may come again, and begins anew
    read();
    assertThat(statuses()).hasSize(2);
  }

  @Test
  void aStatusThatIsNoneBecomesADeadLetterAndStopsNothing() {
    StatusEvents unit = StatusEvents.of(repository, "unit");
    // Nothing that compresses well, and no index takes.
    StatusEvents endless =
        StatusEvents.of(
            repository,
            Stream.generate(UUID::randomUUID).limit(300).map(String::valueOf).collect(joining()));
    StatusEvents nul = StatusEvents.of(repository, "a\0b");
    send(unit.record("{}"));
    send(unit.record(""));
    send(endless.stands(1));
    send(nul.stands(1));
    ProducerRecord<byte[], byte[]> keyless =
        new ProducerRecord<>(Topic.COMMIT_STATUS.name(), PushBody.bytes(repository + ":x"), null);
    send(keyless);
    send(StatusEvents.of(repository, "after").stands(1));

    assertThat(status("after").version()).isEqualTo(1);
    await().until(() -> deadLetters(unit.tombstone().key()) == 2);
    await().until(() -> deadLetters(endless.tombstone().key()) == 1);
    await().until(() -> deadLetters(nul.tombstone().key()) == 1);
    await().until(() -> deadLetters(keyless.key()) == 1);
  }

  @Test
  void oddTextsOfOurOwnAreMendedAndThoseOfOthersRefused() {
    StatusEvents unit = StatusEvents.of(repository, "unit");
    String odd = "a\0b\ud800 \"\\u0000\"";
    send(unit.record(unit.event(1).put("name", odd).put("reason", odd)));
    send(state(build -> build.put("name", odd)));
    send(state(build -> build.put("url", odd)));
    read();

    assertThat(status("unit").name()).isEqualTo("a\ufffdb\ufffd \"\\u0000\"");
    assertThat(status("unit").reason()).isEqualTo("a\ufffdb\ufffd \"\\u0000\"");
    assertThat(reported(repository)).isEmpty();
  }

  @Test
  void reportsAreKeptAsTheyCame() {
    ProducerRecord<byte[], byte[]> first =
        state(
            build ->
                build
                    .put("ref", "main")
                    .put("number", "412")
                    .put("url", "https://ci.example.com/412")
                    .put("occurredAt", "2036-01-01T00:00:00Z"));
    send(first);
    send(first);
    send(state(build -> build.put("state", "running").put("key", "lint")));
    read();

    assertThat(reported(repository))
        .extracting(
            ReportedStateRecord::getCommitHash,
            ReportedStateRecord::getStatusKey,
            ReportedStateRecord::getRef,
            ReportedStateRecord::getNumber,
            ReportedStateRecord::getState,
            ReportedStateRecord::getName,
            ReportedStateRecord::getUrl,
            ReportedStateRecord::getOccurredAt)
        .containsExactlyInAnyOrder(
            tuple(
                hash('a'),
                "unit",
                "refs/heads/main",
                "412",
                "success",
                "Cinch CI",
                "https://ci.example.com/412",
                Instant.parse("2036-01-01T00:00:00Z")),
            tuple(hash('a'), "lint", "", "", "running", "Cinch CI", null, lately));
  }

  @Test
  void aReportThatIsTooOldIsNotKept() {
    send(state(build -> build.put("occurredAt", Instant.EPOCH.toString())));
    send(state(build -> build.put("key", "lint")));
    read();

    assertThat(reported(repository))
        .extracting(ReportedStateRecord::getStatusKey)
        .containsExactly("lint");
  }

  @Test
  void aReplayTakesTheReportsPlace() {
    ProducerRecord<byte[], byte[]> first = state(build -> build.put("state", "running"));
    send(first);
    send(again(first, build -> build.put("state", "error")));
    ProducerRecord<byte[], byte[]> replay = again(first, build -> build.put("state", "failure"));
    replay.headers().add("cinch-replay", PushBody.bytes("1"));
    send(replay);
    send(first);
    read();

    assertThat(reported(repository))
        .extracting(ReportedStateRecord::getState)
        .containsExactly("failure");
  }

  @Test
  void aRepositoryMayBeNamed() {
    String name = "Acme/" + repository;
    UUID id = parts.repository("{" + UUID.randomUUID() + "}", name);

    send(state(build -> build.put("repository", named("acme/" + repository))));

    await().until(() -> reported(id).size() == 1);
  }

  @Test
  void whatTheStatusWorkerRefusesIsLeftToIt() {
    ProducerRecord<byte[], byte[]> unknown =
        state(build -> build.put("repository", named("acme/none-" + repository)));
    ProducerRecord<byte[], byte[]> endless = state(build -> {});
    endless.headers().remove("ce_id").add("ce_id", PushBody.bytes("x".repeat(256)));
    ProducerRecord<byte[], byte[]> splendid = state(build -> build.put("state", "splendid"));
    List.of(unknown, endless, splendid).forEach(ProjectionTest::send);
    read();

    assertThat(reported(repository)).isEmpty();
    assertThat(deadLetters(unknown.key())).isZero();
  }

  @Test
  void statusesArePaged() {
    List.of("a", "b").forEach(key -> send(StatusEvents.of(repository, key).stands(1)));
    send(StatusEvents.of(repository, "a").ref("refs/heads/main").stands(2));
    read();

    Page<CommitStatusEvent> first = projections.statuses(List.of(repository), PageRequest.first(1));
    Page<CommitStatusEvent> second =
        projections.statuses(List.of(repository), new PageRequest(1, first.next()));
    Page<CommitStatusEvent> third =
        projections.statuses(List.of(repository), new PageRequest(1, second.next()));

    assertThat(Stream.of(first, second, third).map(page -> page.items().getFirst()))
        .extracting(CommitStatusEvent::key, CommitStatusEvent::version)
        .containsExactly(tuple("a", 2L), tuple("b", 1L), tuple("a", 1L));
    assertThat(third.next()).isEmpty();
  }

  @Test
  void statusesOfADeliveryNameItOrItsPush() {
    UUID delivery = UUID.randomUUID();
    StatusEvents named = StatusEvents.of(repository, "named");
    StatusEvents pushed = StatusEvents.of(repository, "pushed");
    UUID stranger = UUID.randomUUID();
    send(push("one", lately, delivery));
    send(named.record(named.event(1).put("deliveryId", delivery.toString())));
    send(pushed.record(pushed.event(1).put("pushId", id("one"))));
    send(StatusEvents.of(repository, "other").stands(1));
    send(
        StatusEvents.of(stranger, "x")
            .record(
                StatusEvents.of(stranger, "x").event(1).put("deliveryId", delivery.toString())));
    read();

    assertThat(projections.statusesOf(repository, delivery))
        .extracting(CommitStatusEvent::key)
        .containsExactlyInAnyOrder("named", "pushed");
  }

  /** A group of an instance of 0.1.0 has read everything; ours is another one. */
  @Test
  void theTablesFillFromTheEarliestRecord() throws Exception {
    try (Broker broker = Broker.temporary();
        TestParts own = TestParts.open(broker.access(), TestServers.shared().freshDatabase())) {
      Topics.ensure(own.context().kafka(), Topic.ALL);
      UUID known = own.repository();
      ReleaseEvents release = new ReleaseEvents(known, "release", "v1");
      try (Producer<byte[], byte[]> writer =
          own.context().kafka().producer(Duration.ofSeconds(10))) {
        for (ProducerRecord<byte[], byte[]> record :
            List.of(
                StatusEvents.of(known, "unit").stands(7),
                state(build -> build.put("repository", new JsonObject().put("id", "" + known))),
                release.request(ReleaseEvents.file("a", "artifact:" + UUID.randomUUID())),
                release.stands(3, ReleaseEvent.State.SENDING, null))) {
          writer.send(record).get();
        }
      }
      readAll(own, "ingress-projection");
      Projection filling =
          Projection.start(
              own.context(), new Outbox("test"), new ReleaseRecorder(ReleasedFiles.NONE));
      try {
        for (Table<?> table :
            List.of(
                SHOWN_STATUS,
                REPORTED_STATE,
                REQUESTED_RELEASE,
                REQUESTED_ARTIFACT,
                SHOWN_RELEASE)) {
          await().until(() -> own.database().sql().fetchCount(table) == 1);
        }
        assertThat(Projection.GROUP).isEqualTo("ingress-copies");
      } finally {
        filling.close();
      }
    }
  }

  private static void readAll(TestParts of, String group) {
    try (var consumer = of.context().kafka().consumer(group)) {
      consumer.subscribe(Topic.ALL.stream().map(Topic::name).toList());
      List<Object> read = new ArrayList<>();
      await()
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
                consumer.commitSync();
                return read.size() == 4;
              });
    }
  }

  @Test
  void aPushThatIsNoneBecomesADeadLetter() {
    byte[] key = PushBody.bytes(repository.toString());

    send(new ProducerRecord<>(Topic.PUSH.name(), key, PushBody.bytes("{}")));
    send(push("after", lately));

    await().until(() -> projections.pushes(List.of(repository), TEN).items().size() == 1);
    assertThat(parts.database().sql().fetchCount(OUTBOX, OUTBOX.RECORD_KEY.eq(key))).isEqualTo(1);
  }

  @Test
  void aCredentialStandsAsItsNewestEventSays() {
    send(stands(State.NEEDS_AUTHORIZATION, "the grant was revoked", lately.plusSeconds(1)));
    send(stands(State.HEALTHY, null, lately));
    send(push("after", lately));

    await().until(() -> projections.pushes(List.of(repository), TEN).items().size() == 1);
    await()
        .untilAsserted(
            () ->
                assertThat(new CredentialStates(parts.database()).find(credential))
                    .contains(
                        new CredentialHealth(
                            State.NEEDS_AUTHORIZATION,
                            Optional.of("the grant was revoked"),
                            Optional.of(lately.plusSeconds(90)))));
  }

  @Test
  void aCredentialThatIsRepairedHasNoReasonLeft() {
    send(stands(State.NEEDS_AUTHORIZATION, "the grant was revoked", lately));
    send(stands(State.HEALTHY, null, lately.plusSeconds(1)));

    await()
        .until(
            () ->
                new CredentialStates(parts.database())
                    .find(credential)
                    .filter(CredentialHealth::isWell)
                    .isPresent());
  }

  @Test
  void aCredentialEventThatIsNoneBecomesADeadLetter() {
    byte[] key = PushBody.bytes(credential.toString());

    send(new ProducerRecord<>(Topic.CREDENTIAL.name(), key, PushBody.bytes("{\"state\":\"odd\"}")));

    await().until(() -> parts.database().sql().fetchCount(OUTBOX, OUTBOX.RECORD_KEY.eq(key)) == 1);
  }

  @Test
  void theLiveFeedTellsEveryRepositoryOfItsCredential() {
    UUID one = connected();
    UUID two = connected();
    connectedWith(parts.repository(), UUID.randomUUID());
    List<UUID> seen = new CopyOnWriteArrayList<>();
    try (LiveFeed feed = LiveFeed.start(parts.context().kafka(), parts.database());
        LiveFeed.Subscription subscription =
            feed.subscribe(event -> seen.add(event.repositoryId()))) {
      send(stands(State.UNCLEAR, "Bitbucket refused", lately));

      await().untilAsserted(() -> assertThat(seen).containsExactlyInAnyOrder(one, two));
    }
  }

  @Test
  void theLiveFeedTellsWhatHappensFromNowOn() {
    send(push("before", lately));
    try (LiveFeed feed = LiveFeed.start(parts.context().kafka(), parts.database())) {
      List<LiveEvent> seen = new CopyOnWriteArrayList<>();
      try (LiveFeed.Subscription subscription =
          feed.subscribe(
              event -> {
                if (event.repositoryId().equals(repository)) {
                  seen.add(event);
                }
              })) {
        send(push("now", lately));
        await().until(() -> seen.size() == 1);
        send(state(build -> {}));
        await().until(() -> seen.size() == 2);
        send(StatusEvents.of(repository, "unit").stands(1));
        await().until(() -> seen.size() == 3);
        send(StatusEvents.of(repository, "unit").tombstone());
        await().until(() -> seen.size() == 4);
      }
      assertThat(seen)
          .extracting(LiveEvent::topic)
          .containsExactly(
              Topic.PUSH.name(),
              Topic.BUILD_STATE.name(),
              Topic.COMMIT_STATUS.name(),
              Topic.COMMIT_STATUS.name());
      assertThat(seen.getFirst().eventId()).isEqualTo(id("now"));
    }
  }

  private UUID connected() {
    return connectedWith(parts.repository(), credential);
  }

  private static UUID connectedWith(UUID id, UUID used) {
    parts
        .database()
        .sql()
        .update(REPOSITORY)
        .set(REPOSITORY.CREDENTIAL_ID, used)
        .where(REPOSITORY.ID.eq(id))
        .execute();
    return id;
  }

  private ProducerRecord<byte[], byte[]> stands(State state, @Nullable String reason, Instant at) {
    return event(
        Topic.CREDENTIAL,
        "stands",
        new CredentialEvent(credential, "oauth", state, reason, lately.plusSeconds(90), at));
  }

  private CommitStatusEvent status(String key) {
    return await()
        .until(
            () -> statuses().stream().filter(status -> status.key().equals(key)).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private List<CommitStatusEvent> statuses() {
    return projections.statuses(List.of(repository), PageRequest.first(100)).items();
  }

  private static List<ReportedStateRecord> reported(UUID repository) {
    return parts
        .database()
        .sql()
        .selectFrom(REPORTED_STATE)
        .where(REPORTED_STATE.REPOSITORY_ID.eq(repository))
        .fetch();
  }

  private static int deadLetters(byte[] key) {
    return parts.database().sql().fetchCount(OUTBOX, OUTBOX.RECORD_KEY.eq(key));
  }

  private static void read() {
    parts.awaitRead(Projection.GROUP, TopicRecorder.TOPICS);
  }

  private String id(String word) {
    return repository + "-" + word;
  }

  private Repository named() {
    return new Repository(
        repository, Repository.BITBUCKET_CLOUD, "acme/app", "{1}", "https://bitbucket.org/a/b.git");
  }

  private ProducerRecord<byte[], byte[]> push(String word, Instant receivedAt) {
    return push(word, receivedAt, null);
  }

  private ProducerRecord<byte[], byte[]> push(
      String word, Instant receivedAt, @Nullable UUID delivery) {
    return event(
        Topic.PUSH,
        word,
        new PushEvent(
            named(),
            "refs/heads/main",
            PushEvent.Type.BRANCH,
            PushEvent.Change.CREATED,
            null,
            hash('a'),
            false,
            hash('a'),
            "Fix\n",
            null,
            false,
            false,
            false,
            null,
            null,
            delivery,
            1,
            null,
            receivedAt));
  }

  private static JsonObject named(String fullName) {
    return new JsonObject().put("forge", "bitbucket-cloud").put("fullName", fullName);
  }

  /** A report without an id of its own, but for what a test changes. */
  private ProducerRecord<byte[], byte[]> state(Consumer<JsonObject> change) {
    JsonObject build =
        new JsonObject()
            .put("repository", new JsonObject().put("id", repository.toString()))
            .put("commit", hash('a'))
            .put("key", "unit")
            .put("state", "success")
            .put("occurredAt", lately.toString());
    change.accept(build);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topic.BUILD_STATE.name(),
            PushBody.bytes(repository + ":" + hash('a')),
            // JSON can spell what UTF-8 cannot
            PushBody.bytes(build.encode().replace("\ud800", "\\ud800")));
    record.headers().add("ce_id", PushBody.bytes("report-" + UUID.randomUUID()));
    return record;
  }

  /** Another report under the same id. */
  private ProducerRecord<byte[], byte[]> again(
      ProducerRecord<byte[], byte[]> first, Consumer<JsonObject> change) {
    ProducerRecord<byte[], byte[]> other = state(change);
    other.headers().remove("ce_id").add(first.headers().lastHeader("ce_id"));
    return other;
  }

  private <T> ProducerRecord<byte[], byte[]> event(Topic<T> topic, String word, T body) {
    return new Event<>(
            topic,
            repository.toString(),
            id(word),
            URI.create("/cinch/test"),
            "acme/app",
            lately,
            TRACE,
            body)
        .toRecord();
  }

  private static void send(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
