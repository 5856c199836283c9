package sh.cinch.ingress.readmodel;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.PUSH;
import static sh.cinch.database.service.Tables.OUTBOX;
import static sh.cinch.ingress.running.ReleaseEvents.file;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.artifacts.release.ReleasedFiles;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.ReleaseEvents;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.schema.event.ReleaseEvent.FileState;
import sh.cinch.schema.event.ReleaseEvent.State;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.testkit.PushBody;

/** What is shown of releases, with two instances that share the topics. */
@OnSharedServers
class ReleaseProjectionTest {

  /** Remembers what it is told. */
  private static final class ToldFiles implements ReleasedFiles {

    private final Queue<UUID> needed = new ConcurrentLinkedQueue<>();
    private final Queue<UUID> released = new ConcurrentLinkedQueue<>();

    @Override
    public Optional<Stored> find(UUID repository, UUID artifact) {
      return Optional.empty();
    }

    @Override
    public void needed(DSLContext transaction, Collection<UUID> artifacts) {
      needed.addAll(artifacts);
    }

    @Override
    public void released(DSLContext transaction, Collection<UUID> artifacts) {
      released.addAll(artifacts);
    }
  }

  private static final ToldFiles FILES = new ToldFiles();

  private static TestParts parts;
  private static Producer<byte[], byte[]> producer;
  private static List<Projection> instances;
  private static Releases releases;

  private final String id = "release-" + UUID.randomUUID();
  private UUID repository;
  private ReleaseEvents events;

  @BeforeEach
  void connect() {
    repository = parts.repository();
    events = new ReleaseEvents(repository, id, "v1.4.0");
  }

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    producer = parts.context().kafka().producer(Duration.ofSeconds(10));
    instances = List.of(instance(), instance());
    releases = new Releases(parts.database());
  }

  private static Projection instance() {
    return Projection.start(parts.context(), new Outbox("test"), new ReleaseRecorder(FILES));
  }

  @AfterAll
  static void stop() {
    instances.forEach(Projection::close);
    producer.close();
    parts.close();
  }

  @Test
  void aRequestIsShownWithItsFilesAndTheChecksums() {
    send(events.request(file("b c"), file("a")));

    ReleaseRow shown = shown();
    assertThat(shown.repository().id()).isEqualTo(repository);
    assertThat(shown.tag()).isEqualTo("v1.4.0");
    assertThat(shown.commit()).isEqualTo(ReleaseEvents.COMMIT);
    assertThat(shown.state()).isEqualTo(State.REQUESTED);
    assertThat(shown.version()).isEmpty();
    assertThat(shown.files())
        .extracting(ReleaseRow.File::name, f -> f.download().orElseThrow(), ReleaseRow.File::state)
        .containsExactly(
            tuple("b c", "b_c", FileState.OPEN),
            tuple("a", "a", FileState.OPEN),
            tuple("v1.4.0-SHA256SUMS", "v1.4.0-SHA256SUMS", FileState.OPEN));
    assertThat(shown.files().getFirst().size()).contains(10L);
    assertThat(shown.files().getFirst().sha256()).contains("ab".repeat(32));
    assertThat(shown.files().getLast().sha256()).isEmpty();
  }

  @Test
  void whatTheReleaseWorkerSaysTakesTheRequestsPlace() {
    send(events.request(file("a"), file("b")));
    send(
        events.stands(
            1,
            State.SENDING,
            WaitingFor.RATE_LIMIT,
            List.of("It replaces a."),
            "a file waits",
            file("a", FileState.DELIVERED, null),
            file("b", FileState.OPEN, "the rate limit", "It was tried twice.")));
    read();

    ReleaseRow shown = shown();
    assertThat(shown.repository().fullName()).isEqualTo("acme/app");
    assertThat(shown.version()).contains(1L);
    assertThat(shown.round()).contains(1);
    assertThat(shown.state()).isEqualTo(State.SENDING);
    assertThat(shown.waitingFor()).contains(WaitingFor.RATE_LIMIT);
    assertThat(shown.nextTryAt()).contains(shown.requestedAt().plusSeconds(90));
    assertThat(shown.reason()).contains("a file waits");
    assertThat(shown.warnings()).containsExactly("It replaces a.");
    assertThat(shown.files())
        .extracting(
            ReleaseRow.File::state,
            f -> f.reason().orElse(""),
            f -> f.url().orElse(""),
            ReleaseRow.File::warnings)
        .containsExactly(
            tuple(FileState.DELIVERED, "", "https://bitbucket.org/acme/app/downloads/a", List.of()),
            tuple(FileState.OPEN, "the rate limit", "", List.of("It was tried twice.")));
    assertThat(shown.files().getFirst().httpStatus()).contains(201);
    assertThat(shown.files().getFirst().attempts()).isEqualTo(2);
  }

  @Test
  void whatIsSaidBeforeTheRequestIsReadIsShown() {
    send(events.stands(4, State.DELIVERED, null, file("a", FileState.DELIVERED, null)));
    read();
    ReleaseRow before = shown();
    send(events.request(file("a"), file("b")));
    read();

    assertThat(before.state()).isEqualTo(State.DELIVERED);
    assertThat(shown()).isEqualTo(before);
  }

  @Test
  void versionsInAnyOrderAndRepeatedEndInTheSame() {
    Random random = new Random(12);
    List<State> states = List.of(State.REQUESTED, State.SENDING, State.FAILED, State.DELIVERED);
    for (int i = 0; i < 20; i++) {
      ReleaseEvents each = new ReleaseEvents(repository, id + "-" + i, "v" + i);
      List<Integer> versions = new ArrayList<>(List.of(1, 2, 3, 4, 4, 2, 1));
      Collections.shuffle(versions, random);
      versions.forEach(
          version -> send(each.stands(version, states.get(version - 1), "version " + version)));
    }
    read();

    assertThat(releases.page(List.of(repository), PageRequest.first(50)).items())
        .hasSize(20)
        .allSatisfy(
            row -> {
              assertThat(row.state()).isEqualTo(State.DELIVERED);
              assertThat(row.reason()).contains("version 4");
            });
  }

  @Test
  void theFirstRequestHoldsUntilOneIsReplayed() {
    send(events.request(file("a")));
    send(events.request(file("other")));
    read();
    Instant requestedAt = shown().requestedAt();
    assertThat(names()).containsExactly("a", "v1.4.0-SHA256SUMS");

    ProducerRecord<byte[], byte[]> first = events.replay(file("b"));
    RecordMetadata written = send(first);
    send(events.replay(file("c"), file("d")));
    send(events.request(file("late")));
    read();
    parts
        .database()
        .write(transaction -> new ReleaseRecorder(FILES).written(transaction, first, written));

    assertThat(names()).containsExactly("c", "d", "v1.4.0-SHA256SUMS");
    assertThat(shown().requestedAt()).isEqualTo(requestedAt);
    assertThat(shown().updatedAt()).isAfterOrEqualTo(requestedAt);
    assertThat(releases.request(id).orElseThrow().files())
        .extracting(ReleaseRequest.File::name)
        .containsExactly("c", "d");
  }

  @Test
  void theOldestRequestHoldsItsPlaceInTheList() {
    ReleaseEvents other = new ReleaseEvents(repository, id + "-2", "v2");
    ReleaseEvents longAgo = new ReleaseEvents(repository, id + "-0", "v0");
    send(events.request(file("a")));
    send(other.request(file("a")));
    send(longAgo.stands(1, State.DELIVERED, null));
    read();

    Page<ReleaseRow> first = releases.page(List.of(repository), PageRequest.first(1));
    Page<ReleaseRow> rest = releases.page(List.of(repository), new PageRequest(2, first.next()));

    assertThat(first.items()).extracting(ReleaseRow::id).containsExactly(other.id());
    assertThat(rest.items()).extracting(ReleaseRow::id).containsExactly(id, longAgo.id());
    assertThat(rest.next()).isEmpty();
  }

  @Test
  void namesThatCannotBeHadAreShownAsFailedOnceThatIsSaid() {
    send(events.request(new ReleaseRequest.Options("same", null), file("a"), file("b")));

    assertThat(shown().files())
        .extracting(ReleaseRow.File::name, ReleaseRow.File::download)
        .containsExactly(tuple("a", Optional.empty()), tuple("b", Optional.empty()));

    send(events.stands(1, State.FAILED, "both would be called same"));
    read();

    assertThat(shown().state()).isEqualTo(State.FAILED);
    assertThat(shown().reason()).contains("both would be called same");
  }

  @Test
  void oddTextsStopNothing() {
    // Nothing that compresses well, and no index takes.
    String name =
        Stream.generate(UUID::randomUUID).limit(6).map(String::valueOf).collect(joining("-"));
    send(
        events.request(
            new ReleaseRequest.Options("one", false), file(name, "https://runner.example/n")));
    send(events.stands(1, State.FAILED, "bad\0name", file(name, FileState.FAILED, "bad\0name")));
    ReleaseEvents endless =
        new ReleaseEvents(
            repository,
            Stream.generate(UUID::randomUUID).limit(300).map(String::valueOf).collect(joining()),
            "v1");
    send(endless.request(file("a")));
    send(withId(endless.id()));
    read();

    assertThat(shown().reason()).contains("bad\ufffdname");
    assertThat(shown().files().getFirst().reason()).contains("bad\ufffdname");
    assertThat(releases.page(List.of(repository), PageRequest.first(10)).items()).hasSize(1);
    assertThat(deadLetters(PushBody.bytes(endless.id()))).isEqualTo(1);
  }

  /** Also one that no release can have. */
  private ProducerRecord<byte[], byte[]> withId(String id) {
    ProducerRecord<byte[], byte[]> record =
        new ReleaseEvents(repository, "any", "v1").stands(1, State.FAILED, null);
    String value = new String(record.value(), StandardCharsets.UTF_8);
    return new ProducerRecord<>(
        record.topic(),
        null,
        PushBody.bytes(id),
        PushBody.bytes(value.replace("\"any\"", "\"" + id + "\"")),
        record.headers());
  }

  @Test
  void aRequestThatIsNoneIsLeftToTheReleaseWorker() {
    byte[] key = PushBody.bytes(repository.toString());

    send(new ProducerRecord<>(Topic.RELEASE_REQUEST.name(), key, PushBody.bytes("{\"tag\":1}")));
    read();

    assertThat(deadLetters(key)).isZero();
    assertThat(releases.page(List.of(repository), PageRequest.first(10)).items()).isEmpty();
  }

  @Test
  void aReleaseThatIsNoneBecomesADeadLetter() {
    byte[] key = PushBody.bytes(id);

    send(new ProducerRecord<>(Topic.RELEASE.name(), key, PushBody.bytes("{\"id\":1}")));
    send(new ProducerRecord<>(Topic.RELEASE.name(), key, null));
    read();

    assertThat(deadLetters(key)).isEqualTo(2);
  }

  @Test
  void artifactsAreNeededUntilNoReleaseWaitsForThem() {
    UUID shared = UUID.randomUUID();
    UUID own = UUID.randomUUID();
    ReleaseEvents other = new ReleaseEvents(repository, id + "-2", "v2");
    send(events.request(file("a", "artifact:" + shared), file("b", "artifact:" + own)));
    send(other.request(file("a", "artifact:" + shared)));
    read();
    assertThat(FILES.needed).contains(shared, own);

    send(events.stands(1, State.SENDING, "not yet"));
    read();
    assertThat(FILES.released).doesNotContain(shared, own);

    send(events.stands(2, State.DELIVERED, null));
    read();
    assertThat(FILES.released).contains(own).doesNotContain(shared);

    send(other.stands(1, State.FAILED, "it may be replayed"));
    read();
    assertThat(FILES.released).doesNotContain(shared);

    send(other.stands(2, State.SUPERSEDED, "a newer one"));
    read();
    assertThat(FILES.released).contains(shared);
  }

  @Test
  void artifactsOfWhatIsDeliveredAlreadyAreReleasedAtOnce() {
    UUID artifact = UUID.randomUUID();
    send(events.stands(1, State.DELIVERED, null));
    read();

    send(events.request(file("a", "artifact:" + artifact)));
    read();

    assertThat(FILES.released).contains(artifact);
  }

  @Test
  void aReplayNeedsItsArtifactsAgain() {
    UUID old = UUID.randomUUID();
    UUID artifact = UUID.randomUUID();
    send(events.request(file("a", "artifact:" + old)));
    send(events.stands(1, State.DELIVERED, null));
    read();

    send(events.replay(file("a", "artifact:" + artifact)));
    read();
    assertThat(FILES.needed).contains(artifact);
    assertThat(FILES.released).contains(old).doesNotContain(artifact);

    send(events.stands(2, State.REQUESTED, null));
    send(events.stands(3, State.DELIVERED, null));
    read();
    assertThat(FILES.released).contains(artifact);
  }

  @Test
  void releasesOfADeliveryAreOfTheCommitsOfItsTags() {
    UUID delivery = UUID.randomUUID();
    ReleaseEvents asked = new ReleaseEvents(repository, id + "-2", "v2");
    send(events.stands(1, State.DELIVERED, null));
    send(asked.request(file("a")));
    send(new ReleaseEvents(parts.repository(), id + "-3", "v1").stands(1, State.SENDING, null));
    read();
    assertThat(releases.ofDelivery(repository, delivery)).isEmpty();

    pushed(delivery, "branch");
    assertThat(releases.ofDelivery(repository, delivery)).isEmpty();

    pushed(delivery, "tag");
    assertThat(releases.ofDelivery(repository, delivery))
        .extracting(ReleaseRow::id)
        .containsExactlyInAnyOrder(id, asked.id());
  }

  private void pushed(UUID delivery, String type) {
    parts
        .database()
        .sql()
        .insertInto(PUSH)
        .set(PUSH.EVENT_ID, UUID.randomUUID().toString())
        .set(PUSH.REPOSITORY_ID, repository)
        .set(PUSH.REF, "refs/" + type)
        .set(PUSH.TYPE, type)
        .set(PUSH.CHANGE, "created")
        .set(PUSH.COMMIT_HASH, ReleaseEvents.COMMIT)
        .set(PUSH.RECEIVED_AT, Instant.now())
        .set(PUSH.DELIVERY_ID, delivery)
        .execute();
  }

  @Test
  void theLiveFeedTellsOfReleases() {
    List<LiveEvent> seen = new CopyOnWriteArrayList<>();
    try (LiveFeed feed = LiveFeed.start(parts.context().kafka(), parts.database());
        LiveFeed.Subscription subscription =
            feed.subscribe(
                event -> {
                  if (event.repositoryId().equals(repository)) {
                    seen.add(event);
                  }
                })) {
      send(events.request(file("a")));
      await().until(() -> seen.size() == 1);
      send(events.stands(1, State.SENDING, null));
      await().until(() -> seen.size() == 2);
    }
    assertThat(seen)
        .extracting(LiveEvent::topic)
        .containsExactly(Topic.RELEASE_REQUEST.name(), Topic.RELEASE.name());
  }

  private static void read() {
    parts.awaitRead(Projection.GROUP, TopicRecorder.TOPICS);
  }

  private List<String> names() {
    return shown().files().stream().map(ReleaseRow.File::name).toList();
  }

  private static int deadLetters(byte[] key) {
    return parts.database().sql().fetchCount(OUTBOX, OUTBOX.RECORD_KEY.eq(key));
  }

  private ReleaseRow shown() {
    return await().until(() -> releases.find(id), Optional::isPresent).orElseThrow();
  }

  private static RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    try {
      return producer.send(record).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
