package sh.cinch.ingress.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static sh.cinch.database.ingress.Tables.MISSED_PUSH;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.heads.KnownHead;
import sh.cinch.ingress.reconciler.Looking.Watched;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.PushEvent.Change;
import sh.cinch.testkit.WebhookDelivery;

@OnLooking
class ReconcilerTest {

  private static final String MAIN = "refs/heads/main";

  private final Looking looking;

  ReconcilerTest(Looking looking) {
    this.looking = looking;
  }

  @Test
  void atFirstSightNothingIsAnnounced() {
    Watched watched = looking.watch();
    looking.push(watched, MAIN);
    looking.push(watched, "refs/heads/old");
    String tagged = looking.bitbucket.tag(watched.name(), "v1");

    looking.look();
    looking.confirm();

    assertThat(looking.rows(MISSED_PUSH)).isZero();
    assertThat(looking.head(watched, "refs/tags/v1"))
        .as("the commit, not the tag")
        .returns(tagged, KnownHead::hash)
        .returns(0L, KnownHead::number);
    assertThat(looking.side.records(watched.connected())).isEmpty();
  }

  @Test
  void whatNoDeliveryBroughtIsPublishedOnce() {
    Watched watched = looking.known();
    String before = Objects.requireNonNull(looking.head(watched, MAIN)).hash();
    String pushed = looking.push(watched, MAIN);
    looking.wait(Looking.A_WHILE);
    looking.look();
    looking.publish();
    assertThat(looking.side.records(watched.connected())).as("one look is not enough").isEmpty();

    looking.confirm();

    PushEvent event = looking.events(watched, 1).getFirst();
    assertThat(event)
        .returns(MAIN, PushEvent::ref)
        .returns(Change.UPDATED, PushEvent::change)
        .returns(before, PushEvent::oldHash)
        .returns(pushed, PushEvent::newHash)
        .returns(pushed, PushEvent::commit)
        .returns(true, PushEvent::reconciled)
        .returns(false, PushEvent::test)
        .returns(null, PushEvent::forced)
        .returns(null, PushEvent::actor)
        .returns(null, PushEvent::hookId)
        .returns(null, PushEvent::deliveryId)
        .returns(null, PushEvent::attempt);
    assertThat(event.message()).startsWith("Work on " + MAIN);
    assertThat(event.author()).contains("@example.com>");
    assertThat(event.repository().fullName()).isEqualTo(watched.name());

    looking.recorded();
    looking.confirm();
    looking.confirm();
    assertThat(looking.side.records(watched.connected())).hasSize(1);
    assertThat(looking.head(watched, MAIN))
        .as("the record that came back does not count again")
        .returns(pushed, KnownHead::hash)
        .returns(1L, KnownHead::number);
  }

  @Test
  void aNewRefOfAKnownRepositoryIsAnnounced() {
    Watched watched = looking.known();
    String branch = looking.push(watched, "refs/heads/new");
    String tagged = looking.bitbucket.tag(watched.name(), "v1");
    looking.wait(Looking.A_WHILE);
    looking.look();

    looking.confirm();

    assertThat(looking.events(watched, 2))
        .extracting(PushEvent::ref, PushEvent::type, PushEvent::change, PushEvent::commit)
        .containsExactlyInAnyOrder(
            tuple("refs/heads/new", PushEvent.Type.BRANCH, Change.CREATED, branch),
            tuple("refs/tags/v1", PushEvent.Type.TAG, Change.CREATED, tagged));
  }

  @Test
  void aRefThatIsGoneIsAnnounced() {
    Watched watched = looking.watch();
    looking.push(watched, MAIN);
    String gone = looking.push(watched, "refs/heads/gone");
    looking.look();
    looking.delete(watched, "refs/heads/gone");
    looking.wait(Looking.A_WHILE);
    looking.look();

    looking.confirm();

    assertThat(looking.events(watched, 1))
        .extracting(
            PushEvent::ref,
            PushEvent::change,
            PushEvent::oldHash,
            PushEvent::newHash,
            PushEvent::commit)
        .containsExactly(tuple("refs/heads/gone", Change.DELETED, gone, null, null));
    assertThat(looking.head(watched, "refs/heads/gone"))
        .returns(null, KnownHead::hash)
        .returns(1L, KnownHead::number);
  }

  @Test
  void aForcedPushIsOneOfUnknownForce() {
    Watched watched = looking.known();
    looking.push(watched, MAIN);
    looking.bitbucket.push(watched.name(), List.of(Map.of("ref", MAIN, "forced", true)));
    looking.wait(Looking.A_WHILE);
    looking.look();

    looking.confirm();

    assertThat(looking.events(watched, 1))
        .extracting(PushEvent::change, PushEvent::forced)
        .containsExactly(tuple(Change.UPDATED, null));
  }

  @Test
  void ofSeveralPushesTheNewestHeadIsPublished() {
    Watched watched = looking.known();
    looking.push(watched, MAIN);
    looking.push(watched, MAIN);
    String newest = looking.push(watched, MAIN);
    looking.wait(Looking.A_WHILE);
    looking.look();

    looking.confirm();

    assertThat(looking.events(watched, 1)).extracting(PushEvent::newHash).containsExactly(newest);
  }

  @Test
  void aHeadThatMovesBetweenTheLooksIsLookedAtAgain() {
    Watched watched = looking.known();
    looking.push(watched, MAIN);
    looking.wait(Looking.A_WHILE);
    looking.look();
    String newest = looking.push(watched, MAIN);

    looking.confirm();

    assertThat(looking.side.records(watched.connected())).isEmpty();
    looking.confirm();
    assertThat(looking.events(watched, 1)).extracting(PushEvent::newHash).containsExactly(newest);
  }

  @Test
  void whatIsDeliveredBetweenTheLooksIsNotMissed() {
    Watched watched = looking.known();
    String before = Objects.requireNonNull(looking.head(watched, MAIN)).hash();
    String pushed = looking.push(watched, MAIN);
    looking.wait(Looking.A_WHILE);
    looking.look();

    assertThat(looking.delivery(watched, "main", before, pushed).status()).isEqualTo(202);
    looking.events(watched, 1);
    looking.recorded();
    looking.confirm();

    assertThat(looking.side.events(watched.connected()))
        .extracting(PushEvent::reconciled)
        .containsExactly(false);
    assertThat(looking.rows(MISSED_PUSH)).isZero();
  }

  @Test
  void whatIsDeliveredAfterTheSecondLookIsPublishedByItsDeliveryAlone() {
    Watched watched = looking.known();
    String before = Objects.requireNonNull(looking.head(watched, MAIN)).hash();
    String pushed = looking.push(watched, MAIN);
    looking.wait(Looking.A_WHILE);
    looking.look();
    String id = id(watched);
    looking.wait(Looking.A_WHILE);
    looking.look();
    looking.expected(watched);

    assertThat(looking.delivery(watched, "main", before, pushed).status()).isEqualTo(202);
    looking.publish();
    looking.recorded();
    looking.confirm();

    assertThat(looking.side.eventIds(watched.connected())).containsExactly(id);
    assertThat(looking.side.events(watched.connected()))
        .extracting(PushEvent::reconciled)
        .containsExactly(false);
  }

  @Test
  void aDeliveryOfWhatWasJustReconciledHasItsIdInEachAttempt() {
    Watched watched = looking.known();
    String before = Objects.requireNonNull(looking.head(watched, MAIN)).hash();
    String pushed = looking.push(watched, MAIN);
    looking.wait(Looking.A_WHILE);
    looking.look();
    looking.confirm();
    looking.events(watched, 1);
    String id = looking.side.eventIds(watched.connected()).getFirst();
    looking.expected(watched);

    WebhookDelivery first = looking.delivery(watched, "main", before, pushed);
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.with("X-Attempt-Number", "2").status()).isEqualTo(202);

    assertThat(looking.eventIds(watched, 3)).containsExactly(id, id, id);
    looking.recorded();
    assertThat(looking.head(watched, MAIN)).returns(1L, KnownHead::number);
  }

  /** Genuine pushes, of which the first was missed as well. */
  @Test
  void aBranchThatGoesForthAndBackAndForthHasThreeIds() {
    Watched watched = looking.known();
    String before = Objects.requireNonNull(looking.head(watched, MAIN)).hash();
    String pushed = looking.push(watched, MAIN);
    looking.wait(Looking.A_WHILE);
    looking.look();
    looking.confirm();
    looking.events(watched, 1);
    looking.expected(watched);

    looking.delivery(watched, "main", before, pushed).status();
    looking.delivery(watched, "main", pushed, before).status();
    looking.delivery(watched, "main", before, pushed).status();

    List<String> ids = looking.eventIds(watched, 4);
    assertThat(ids).hasSize(4);
    assertThat(ids.get(1)).as("late").isEqualTo(ids.get(0));
    assertThat(ids.subList(1, 4)).doesNotHaveDuplicates();
  }

  @Test
  void whatWasMovedBackMeanwhileIsAnotherPush() {
    Watched watched = looking.known();
    String before = Objects.requireNonNull(looking.head(watched, MAIN)).hash();
    String pushed = looking.push(watched, MAIN);
    looking.wait(Looking.A_WHILE);
    looking.look();
    looking.confirm();
    looking.events(watched, 1);
    looking.expected(watched);

    looking.delivery(watched, "main", pushed, before).status();
    looking.delivery(watched, "main", before, pushed).status();

    assertThat(looking.eventIds(watched, 3)).hasSize(3).doesNotHaveDuplicates();
  }

  /** By an instance that had not heard of the missed push. */
  @Test
  void soItIsWhereverItWasMovedBack() {
    Watched watched = looking.known();
    String before = Objects.requireNonNull(looking.head(watched, MAIN)).hash();
    String pushed = looking.push(watched, MAIN);
    looking.wait(Looking.A_WHILE);
    looking.look();
    looking.confirm();
    looking.events(watched, 1);
    looking.expected(watched);

    looking.sendAsDelivered(watched, MAIN, pushed, Objects.requireNonNull(before));
    looking.recorded();
    looking.delivery(watched, "main", before, pushed).status();

    assertThat(looking.eventIds(watched, 3)).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void aBranchThatGoesForthAndBackUnheardIsPublishedEachTimeAnew() {
    Watched watched = looking.known();
    String first = Objects.requireNonNull(looking.head(watched, MAIN)).hash();
    String second = looking.push(watched, MAIN);
    for (String to : List.of(first, second, first, second)) {
      looking.wait(Looking.A_WHILE);
      looking.look();
      looking.confirm();
      looking.bitbucket.push(watched.name(), MAIN, to);
    }
    looking.wait(Looking.A_WHILE);
    looking.look();
    looking.confirm();

    looking.events(watched, 5);
    assertThat(looking.side.eventIds(watched.connected())).hasSize(5).doesNotHaveDuplicates();
  }

  private String id(Watched watched) {
    return looking
        .parts
        .database()
        .sql()
        .select(MISSED_PUSH.EVENT_ID)
        .from(MISSED_PUSH)
        .where(MISSED_PUSH.REPOSITORY_ID.eq(watched.id()))
        .fetchSingle()
        .value1();
  }
}
