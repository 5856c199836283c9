package sh.cinch.ingress.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.service.Tables.OUTBOX;
import static sh.cinch.testkit.PushBody.hash;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.artifacts.release.ReleasedFiles;
import sh.cinch.ingress.connecting.credential.CredentialStates;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.token.CredentialHealth;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.testkit.PushBody;

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
  void anOlderBuildStateDoesNotReplaceANewerOne() {
    send(state("unit", BuildState.State.SUCCESS, lately.plusSeconds(1)));
    send(state("unit", BuildState.State.RUNNING, lately));
    send(state("last", BuildState.State.PENDING, lately));

    await().until(() -> projections.statuses(List.of(repository), TEN).items().size() == 2);
    assertThat(status("unit").build().orElseThrow().state()).isEqualTo("success");
  }

  @Test
  void aRunnersClockFarAheadFreezesNothing() {
    send(state("unit", BuildState.State.RUNNING, Instant.now().plus(Duration.ofDays(1))));
    send(state("unit", BuildState.State.SUCCESS, Instant.now().plusSeconds(60)));

    await()
        .untilAsserted(
            () -> assertThat(status("unit").build().orElseThrow().state()).isEqualTo("success"));
  }

  @Test
  void aRepositoryMayBeNamed() {
    String name = "Acme/" + repository;
    UUID id = parts.repository("{" + UUID.randomUUID() + "}", name);

    send(
        state(
            new RepositoryRef(null, "bitbucket-cloud", "acme/" + repository),
            "unit",
            BuildState.State.SUCCESS,
            lately));

    await().until(() -> projections.statuses(List.of(id), TEN).items().size() == 1);
    assertThat(projections.statuses(List.of(id), TEN).items().getFirst().key()).isEqualTo("unit");
  }

  @Test
  void theOutcomeJoinsItsBuildWhicheverComesFirst() {
    send(outcome("unit"));
    send(state("unit", BuildState.State.SUCCESS, lately));

    await()
        .untilAsserted(
            () -> {
              assertThat(status("unit").build()).isPresent();
              assertThat(status("unit").outcome().orElseThrow().result()).isEqualTo("delivered");
            });
  }

  @Test
  void statusesArePaged() {
    send(state("a", BuildState.State.SUCCESS, lately));
    send(state("b", BuildState.State.SUCCESS, lately));
    await().until(() -> projections.statuses(List.of(repository), TEN).items().size() == 2);

    Page<StatusRow> first = projections.statuses(List.of(repository), PageRequest.first(1));
    Page<StatusRow> second =
        projections.statuses(List.of(repository), new PageRequest(1, first.next()));

    assertThat(List.of(first.items().getFirst().key(), second.items().getFirst().key()))
        .containsExactlyInAnyOrder("a", "b");
    assertThat(second.next()).isEmpty();
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
        send(state("unit", BuildState.State.SUCCESS, lately));
        await().until(() -> seen.size() == 2);
        send(outcome("unit"));
        await().until(() -> seen.size() == 3);
      }
      assertThat(seen)
          .extracting(LiveEvent::topic)
          .containsExactly(Topic.PUSH.name(), Topic.BUILD_STATE.name(), Topic.OUTCOME.name());
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

  private StatusRow status(String key) {
    return projections.statuses(List.of(repository), TEN).items().stream()
        .filter(row -> row.key().equals(key))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no status " + key));
  }

  private String id(String word) {
    return repository + "-" + word;
  }

  private Repository named() {
    return new Repository(
        repository, Repository.BITBUCKET_CLOUD, "acme/app", "{1}", "https://bitbucket.org/a/b.git");
  }

  private ProducerRecord<byte[], byte[]> push(String word, Instant receivedAt) {
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
            null,
            null,
            null,
            1,
            receivedAt));
  }

  private ProducerRecord<byte[], byte[]> state(
      String key, BuildState.State state, Instant occurredAt) {
    return state(RepositoryRef.byId(repository), key, state, occurredAt);
  }

  private ProducerRecord<byte[], byte[]> state(
      RepositoryRef named, String key, BuildState.State state, Instant occurredAt) {
    return event(
        Topic.BUILD_STATE,
        key,
        new BuildState(
            named,
            hash('a'),
            null,
            key,
            "Unit",
            "1",
            state,
            null,
            null,
            null,
            occurredAt,
            null,
            null));
  }

  private ProducerRecord<byte[], byte[]> outcome(String key) {
    return event(
        Topic.OUTCOME,
        key,
        new Outcome(
            Outcome.Kind.STATUS,
            named(),
            hash('a'),
            key,
            null,
            null,
            Outcome.Result.DELIVERED,
            201,
            1,
            null,
            80L,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            lately));
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
