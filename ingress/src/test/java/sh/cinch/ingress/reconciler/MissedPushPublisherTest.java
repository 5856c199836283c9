package sh.cinch.ingress.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sh.cinch.database.ingress.Tables.MISSED_PUSH;
import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.service.Tables.OUTBOX;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jooq.JSONB;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.heads.KnownHead;
import sh.cinch.ingress.reconciler.Looking.Watched;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.topic.Topic;

/** What a push that two looks have found waits for. */
@OnLooking
class MissedPushPublisherTest {

  private static final String MAIN = "refs/heads/main";

  private final Looking looking;
  private final Watched watched;
  private final String before;
  private final String missed;

  /** Two looks have found a push. */
  MissedPushPublisherTest(Looking looking) {
    this.looking = looking;
    watched = looking.known();
    KnownHead known = Objects.requireNonNull(looking.head(watched, MAIN));
    before = Objects.requireNonNull(known.hash());
    missed = looking.push(watched, MAIN);
    looking.wait(Looking.A_WHILE);
    looking.look();
    looking.wait(Looking.A_WHILE);
    looking.look();
  }

  @Test
  void itWaitsUntilTheTopicsEndHasBeenRead() {
    AtomicReference<Optional<Instant>> recorded = new AtomicReference<>(Optional.empty());
    MissedPushPublisher publisher = looking.publisher(recorded::get);
    publisher.run();
    assertThat(looking.head(watched, MAIN)).returns(0L, KnownHead::number);

    recorded.set(Optional.of(looking.parts.clock().instant().minusSeconds(60)));
    publisher.run();
    assertThat(looking.head(watched, MAIN)).returns(0L, KnownHead::number);

    recorded.set(Optional.of(looking.parts.clock().instant()));
    publisher.run();
    assertThat(looking.head(watched, MAIN)).returns(1L, KnownHead::number);
  }

  @Test
  void itWaitsUntilEarlierPushesOfItsRepositoryHaveLeftTheOutbox() {
    MissedPushPublisher publisher =
        looking.publisher(() -> Optional.of(looking.parts.clock().instant()));
    long earlier = spooled();
    publisher.run();
    publisher.run();
    assertThat(looking.head(watched, MAIN)).returns(0L, KnownHead::number);

    spooled(); // a later one of another ref: whatever is pushed to all the time holds nothing up
    looking.parts.database().sql().deleteFrom(OUTBOX).where(OUTBOX.ID.eq(earlier)).execute();
    publisher.run();

    assertThat(looking.head(watched, MAIN)).returns(1L, KnownHead::number);
  }

  /** By a writer that nobody drains. */
  private long spooled() {
    return looking
        .parts
        .database()
        .sql()
        .insertInto(OUTBOX)
        .set(OUTBOX.WRITER, "nobody")
        .set(OUTBOX.TOPIC, Topic.PUSH.name())
        .set(OUTBOX.RECORD_KEY, watched.id().toString().getBytes(StandardCharsets.UTF_8))
        .set(OUTBOX.HEADERS, JSONB.valueOf("[]"))
        .returning(OUTBOX.ID)
        .fetchSingle()
        .getId();
  }

  @Test
  void itIsNotPublishedWhereTheKnownHeadIsAnotherByNow() {
    String other = looking.push(watched, MAIN);
    // As by an instance that has not heard of the missed push yet.
    looking.sendAsDelivered(watched, MAIN, missed, other);
    looking.recorded();

    looking.publish();

    assertThat(looking.head(watched, MAIN)).returns(other, KnownHead::hash);
    assertThat(looking.side.records(watched.connected())).hasSize(1);
    assertThat(looking.rows(MISSED_PUSH)).isZero();
  }

  @Test
  void norWhereThatIsTheSameAgain() {
    looking.sendAsDelivered(watched, MAIN, before, missed);
    looking.sendAsDelivered(watched, MAIN, missed, before);
    looking.recorded();

    looking.publish();

    assertThat(looking.head(watched, MAIN))
        .returns(before, KnownHead::hash)
        .returns(2L, KnownHead::number);
    assertThat(looking.side.records(watched.connected())).hasSize(2);
  }

  @Test
  void knownHeadAndEventAreWrittenTogetherOrNeither() {
    looking
        .parts
        .database()
        .sql()
        .execute("alter table service.outbox add constraint broken check (topic = '') not valid");
    MissedPushPublisher publisher =
        looking.publisher(() -> Optional.of(looking.parts.clock().instant()));

    assertThatThrownBy(publisher::run).isInstanceOf(DataAccessException.class);

    assertThat(looking.head(watched, MAIN))
        .returns(0L, KnownHead::number)
        .returns(before, KnownHead::hash);
    looking.parts.database().sql().execute("alter table service.outbox drop constraint broken");
    publisher.run();
    assertThat(looking.events(watched, 1)).extracting(PushEvent::newHash).containsExactly(missed);
  }

  @Test
  void ofSeveralInstancesOnePublishes() {
    List<CompletableFuture<Void>> instances =
        IntStream.range(0, 4)
            .mapToObj(i -> looking.publisher(() -> Optional.of(looking.parts.clock().instant())))
            .map(
                publisher ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int i = 0; i < 20; i++) {
                            publisher.run();
                          }
                        },
                        Thread::startVirtualThread))
            .toList();
    instances.forEach(CompletableFuture::join);

    looking.events(watched, 1);
    looking.recorded();
    assertThat(looking.side.records(watched.connected())).hasSize(1);
    assertThat(looking.head(watched, MAIN)).returns(1L, KnownHead::number);
  }

  @Test
  void aRepositoryThatIsNoLongerConnectedIsDropped() {
    looking
        .parts
        .database()
        .sql()
        .update(REPOSITORY)
        .set(REPOSITORY.STATE, "disconnected")
        .where(REPOSITORY.ID.eq(watched.id()))
        .execute();

    looking.publish();

    assertThat(looking.rows(MISSED_PUSH)).isZero();
    assertThat(looking.side.records(watched.connected())).isEmpty();
  }

  /** The outbox is not drained for as long as somebody else holds its lock. */
  @Test
  void whatIsDeliveredNextComesAfterIt() {
    String next = looking.push(watched, MAIN);
    looking.expected(watched);
    Optional<Integer> status =
        looking.whileNothingIsDrained(
            () -> {
              looking.publish();
              return looking.delivery(watched, "main", missed, next).status();
            });
    assertThat(status).contains(202);

    assertThat(looking.events(watched, 2))
        .extracting(PushEvent::newHash)
        .containsExactly(missed, next);
    looking.recorded();
    assertThat(looking.head(watched, MAIN)).returns(next, KnownHead::hash);
  }
}
