package sh.cinch.ingress.readmodel;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.service.Tables.OUTBOX;
import static sh.cinch.ingress.running.ReleaseEvents.file;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
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
import sh.cinch.forge.Site;
import sh.cinch.ingress.artifacts.release.ReleasedFiles;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.ReleaseEvents;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.schema.event.Outcome.Kind;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.testkit.PushBody;

/** What is shown of releases, with two instances that share the topics. */
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

  private final Instant lately = Instant.parse("2026-11-23T15:00:00Z");
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
    releases =
        new Releases(
            parts.database(),
            Site.bitbucketCloud(
                URI.create("https://bitbucket.org"), URI.create("https://api.bitbucket.org")));
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
    assertThat(shown.tag()).contains("v1.4.0");
    assertThat(shown.commit()).contains(ReleaseEvents.COMMIT);
    assertThat(shown.state()).isEqualTo("requested");
    assertThat(shown.files())
        .extracting(ReleaseRow.File::name, f -> f.download().orElseThrow(), ReleaseRow.File::state)
        .containsExactly(
            tuple("b c", "b_c", "requested"),
            tuple("a", "a", "requested"),
            tuple("v1.4.0-SHA256SUMS", "v1.4.0-SHA256SUMS", "requested"));
    assertThat(shown.files().getFirst().size()).contains(10L);
    assertThat(shown.files().getFirst().sha256()).contains("ab".repeat(32));
    assertThat(shown.files().getLast().sha256()).isEmpty();
  }

  @Test
  void outcomesJoinTheirRequest() {
    send(events.request(file("a")));
    send(events.fileOutcome("a", Result.DELIVERED, lately, null));
    send(events.fileOutcome("v1.4.0-SHA256SUMS", Result.WAITING, lately, "the rate limit"));
    send(
        events.outcome(
            Kind.RELEASE, null, Result.WAITING, lately, "a file waits", List.of("It replaces a.")));

    await().untilAsserted(() -> assertThat(shown().state()).isEqualTo("waiting"));
    assertThat(shown().reason()).contains("a file waits");
    assertThat(shown().warnings()).containsExactly("It replaces a.");
    assertThat(shown().files())
        .extracting(ReleaseRow.File::state, f -> f.reason().orElse(""), ReleaseRow.File::attempts)
        .containsExactly(tuple("delivered", "", 2), tuple("waiting", "the rate limit", 2));
    assertThat(shown().files().getFirst().httpStatus()).contains(201);
  }

  @Test
  void outcomesThatComeFirstAreNotLost() {
    send(events.fileOutcome("a", Result.DELIVERED, lately, null));
    send(events.outcome(Result.DELIVERED, lately, null));
    await().until(() -> releases.find(id).filter(row -> state(row, "delivered")).isPresent());
    ReleaseRow before = shown();

    send(events.request(file("a"), file("b")));

    await().until(() -> shown().files().size() == 3);
    assertThat(before.tag()).contains("v1.4.0");
    assertThat(before.files()).extracting(ReleaseRow.File::name).containsExactly("a");
    assertThat(shown().state()).isEqualTo("delivered");
    assertThat(shown().files().getFirst().httpStatus()).contains(201);
  }

  @Test
  void repeatsChangeNothing() {
    send(events.request(file("a")));
    send(events.outcome(Result.DELIVERED, lately.plusSeconds(1), null));
    await().until(() -> state(shown(), "delivered"));
    ReleaseRow before = shown();

    send(events.request(file("other")));
    send(events.outcome(Result.WAITING, lately, "older"));
    after();

    assertThat(shown().files()).isEqualTo(before.files());
    assertThat(shown().state()).isEqualTo("delivered");
    assertThat(shown().requestedAt()).isEqualTo(before.requestedAt());
  }

  @Test
  void theOldestRequestHoldsItsPlaceInTheList() {
    ReleaseEvents other = new ReleaseEvents(repository, id + "-2", "v2");
    send(events.request(file("a")));
    send(other.request(file("a")));
    send(events.outcome(Result.DELIVERED, lately, null));
    await().until(() -> releases.find(id).filter(row -> state(row, "delivered")).isPresent());

    Page<ReleaseRow> first = releases.page(List.of(repository), PageRequest.first(1));
    Page<ReleaseRow> second = releases.page(List.of(repository), new PageRequest(1, first.next()));

    assertThat(first.items()).extracting(ReleaseRow::id).containsExactly(id + "-2");
    assertThat(second.items()).extracting(ReleaseRow::id).containsExactly(id);
    assertThat(second.next()).isEmpty();
    assertThat(releases.page(List.of(repository), PageRequest.first(10)).items())
        .extracting(ReleaseRow::id)
        .containsExactly(id + "-2", id);
  }

  @Test
  void aReplayTakesTheRequestsPlaceAndOpensItAgain() {
    send(events.request(file("a"), file("b")));
    send(events.fileOutcome("b", Result.FAILED, lately, "its sum differs"));
    send(events.outcome(Result.FAILED, lately.plusSeconds(90), "a file failed"));
    await().until(() -> state(shown(), "failed"));
    Instant requestedAt = shown().requestedAt();

    send(events.replay(file("b"), file("c")));

    await().until(() -> state(shown(), "requested"));
    assertThat(shown().requestedAt()).isEqualTo(requestedAt);
    assertThat(shown().reason()).isEmpty();
    assertThat(shown().files())
        .extracting(ReleaseRow.File::name, ReleaseRow.File::state, f -> f.reason().orElse(""))
        .containsExactly(
            tuple("b", "requested", ""),
            tuple("c", "requested", ""),
            tuple("v1.4.0-SHA256SUMS", "requested", ""));

    // Told by an instance whose clock is behind that of who told before.
    send(events.fileOutcome("b", Result.DELIVERED, lately, null));
    send(events.outcome(Result.DELIVERED, lately, null));

    await().until(() -> state(shown(), "delivered"));
    assertThat(shown().files()).allMatch(f -> f.state().equals("delivered"));
  }

  @Test
  void aReplayThatIsReadTwiceOpensItOnce() {
    send(events.request(file("a")));
    ProducerRecord<byte[], byte[]> replay = events.replay(file("b"));
    RecordMetadata written = send(replay);
    await().until(() -> shown().files().getFirst().name().equals("b"));
    send(events.outcome(Result.DELIVERED, lately, null));
    await().until(() -> state(shown(), "delivered"));

    parts
        .database()
        .write(transaction -> new ReleaseRecorder(FILES).written(transaction, replay, written));

    assertThat(shown().state()).isEqualTo("delivered");
  }

  @Test
  void namesThatCannotBeHadAreShownAsFailedOnceThatIsSaid() {
    send(events.request(new ReleaseRequest.Options("same", null), file("a"), file("b")));

    assertThat(shown().files())
        .extracting(ReleaseRow.File::name, ReleaseRow.File::download)
        .containsExactly(tuple("a", Optional.empty()), tuple("b", Optional.empty()));

    send(events.outcome(Result.FAILED, lately, "both would be called same"));

    await().until(() -> state(shown(), "failed"));
    assertThat(shown().files()).extracting(ReleaseRow.File::state).containsOnly("failed");
  }

  @Test
  void oddTextsStopNothing() {
    // Nothing that compresses well.
    String name =
        Stream.generate(UUID::randomUUID).limit(6).map(String::valueOf).collect(joining("-"));
    send(
        events.request(
            new ReleaseRequest.Options("one", false), file(name, "https://runner.example/n")));
    send(events.fileOutcome(name, Result.FAILED, lately, "bad\0name"));
    ReleaseEvents endless = new ReleaseEvents(repository, "x".repeat(9_000), "v1");
    send(endless.request(file("a")));
    send(endless.outcome(Result.FAILED, lately, null));

    await().until(() -> shown().files().getFirst().state().equals("failed"));
    assertThat(shown().files()).hasSize(1);
    assertThat(shown().files().getFirst().reason()).contains("bad\uFFFDname");
    after();
    assertThat(releases.page(List.of(repository), PageRequest.first(10)).items()).hasSize(2);
  }

  @Test
  void aRequestThatIsNoneIsLeftToTheReleaseWorker() {
    byte[] key = PushBody.bytes(repository.toString());

    send(new ProducerRecord<>(Topic.RELEASE_REQUEST.name(), key, PushBody.bytes("{\"tag\":1}")));
    after();

    assertThat(parts.database().sql().fetchCount(OUTBOX, OUTBOX.RECORD_KEY.eq(key))).isZero();
    assertThat(releases.page(List.of(repository), PageRequest.first(10)).items()).hasSize(1);
  }

  @Test
  void artifactsAreNeededUntilTheyAreDelivered() {
    UUID shared = UUID.randomUUID();
    UUID own = UUID.randomUUID();
    ReleaseEvents other = new ReleaseEvents(repository, id + "-2", "v2");
    send(events.request(file("a", "artifact:" + shared), file("b", "artifact:" + own)));
    send(other.request(file("a", "artifact:" + shared)));
    await()
        .until(() -> releases.page(List.of(repository), PageRequest.first(10)).items().size() == 2);

    assertThat(FILES.needed).contains(shared, own);
    send(events.outcome(Result.WAITING, lately, "not yet"));
    await().until(() -> state(shown(), "waiting"));
    assertThat(FILES.released).doesNotContain(shared, own);

    send(events.outcome(Result.DELIVERED, lately.plusSeconds(1), null));
    await().until(() -> FILES.released.contains(own));
    assertThat(FILES.released).doesNotContain(shared);

    send(other.outcome(Result.DELIVERED, lately.plusSeconds(1), null));
    await().until(() -> FILES.released.contains(shared));
  }

  @Test
  void artifactsOfWhatIsDeliveredAlreadyAreReleasedAtOnce() {
    UUID artifact = UUID.randomUUID();
    send(events.outcome(Result.DELIVERED, lately, null));
    await().until(() -> releases.find(id).isPresent());

    send(events.request(file("a", "artifact:" + artifact)));

    await().until(() -> FILES.released.contains(artifact));
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
      send(events.fileOutcome("a", Result.DELIVERED, lately, null));
      await().until(() -> seen.size() == 2);
    }
    assertThat(seen)
        .extracting(LiveEvent::topic)
        .containsExactly(Topic.RELEASE_REQUEST.name(), Topic.OUTCOME.name());
  }

  /** What was sent before has been read. */
  private void after() {
    ReleaseEvents last = new ReleaseEvents(repository, id + "-last", "v9");
    send(last.request(file("z")));
    send(last.outcome(Result.DELIVERED, lately, null));
    await()
        .until(
            () ->
                releases
                    .find(last.id())
                    .filter(row -> state(row, "delivered") && !row.files().isEmpty())
                    .isPresent());
  }

  private ReleaseRow shown() {
    return await().until(() -> releases.find(id), Optional::isPresent).orElseThrow();
  }

  private static boolean state(ReleaseRow row, String state) {
    return row.state().equals(state);
  }

  private static RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    try {
      return producer.send(record).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
