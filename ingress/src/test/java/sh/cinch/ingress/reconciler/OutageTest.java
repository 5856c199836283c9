package sh.cinch.ingress.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.MISSED_PUSH;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.reconciler.Looking.Watched;
import sh.cinch.schema.event.PushEvent;

/** What many repositories share, and what a list leaves out, is nobody's deletion. */
@OnLooking
class OutageTest {

  private static final String MAIN = "refs/heads/main";
  private static final String GONE = "refs/heads/gone";

  private final Looking looking;

  OutageTest(Looking looking) {
    this.looking = looking;
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 403, 503})
  void refusalsAnnounceNothing(int status) {
    List<Watched> all = Stream.generate(looking::known).limit(3).toList();
    looking.bitbucket.fault(Map.of("path", "/2.0/*", "kind", "status", "status", status));

    lookForAWhile();

    assertThat(looking.rows(MISSED_PUSH)).isZero();
    looking.bitbucket.mend();
    lookForAWhile();
    all.forEach(one -> assertThat(looking.side.records(one.connected())).isEmpty());
  }

  @Test
  void anEmptyListOfARepositoryThatIsNotAnnouncesNothing() {
    Watched watched = looking.known();
    looking.bitbucket.fault(
        Map.of("path", "*/refs*", "kind", "status", "status", 200, "body", "{\"values\":[]}"));

    lookForAWhile();

    assertThat(looking.side.records(watched.connected())).isEmpty();
    assertThat(looking.rows(MISSED_PUSH)).isZero();
  }

  @Test
  void aRepositoryThatIsEmptyIsBelieved() {
    Watched watched = looking.known();
    looking.delete(watched, MAIN);

    lookForAWhile();

    assertThat(looking.events(watched, 1))
        .extracting(PushEvent::change)
        .containsExactly(PushEvent.Change.DELETED);
  }

  @Test
  void severalThatAreEmptyAtOnceAreNot() {
    Watched one = looking.known();
    Watched other = looking.known();
    looking.delete(one, MAIN);
    looking.delete(other, MAIN);

    lookForAWhile();

    assertThat(looking.side.records(one.connected())).isEmpty();
    assertThat(looking.side.records(other.connected())).isEmpty();
  }

  @Test
  void whileOthersFailNothingIsTakenForGone() {
    Watched watched = looking.watch();
    looking.push(watched, MAIN);
    looking.push(watched, GONE);
    List<Watched> others = Stream.generate(looking::known).limit(2).toList();
    looking.delete(watched, GONE);
    others.forEach(
        other ->
            looking.bitbucket.fault(
                Map.of(
                    "path",
                    "*" + other.connected().uuid().replaceAll("[{}]", "") + "*",
                    "kind",
                    "status",
                    "status",
                    500)));

    lookForAWhile();
    assertThat(looking.side.records(watched.connected())).isEmpty();

    looking.bitbucket.mend();
    lookForAWhile();
    lookForAWhile();
    assertThat(looking.events(watched, 1))
        .extracting(PushEvent::change)
        .containsExactly(PushEvent.Change.DELETED);
  }

  @Test
  void anEntryThatCannotBeReadMayBeAnyRef() {
    Watched watched = looking.known();
    String head = looking.push(watched, "refs/heads/other");
    looking.bitbucket.fault(
        Map.of(
            "path",
            "*/refs*",
            "kind",
            "status",
            "status",
            200,
            "body",
            new JsonObject(
                    """
                    {"values":[{"type":"branch","name":"other","target":{"hash":"%s"}},
                    {"type":"bookmark","name":"x","target":{"hash":"%s"}}]}\
                    """
                        .formatted(head, head))
                .encode()));

    lookForAWhile();

    assertThat(looking.events(watched, 1))
        .extracting(PushEvent::ref)
        .containsExactly("refs/heads/other");
  }

  @Test
  void refsThatNoEventCanNameAreLeftOut() {
    Watched watched = looking.known();
    looking.push(watched, "refs/heads/" + "x".repeat(400));

    lookForAWhile();

    assertThat(looking.rows(MISSED_PUSH)).isZero();
    assertThat(looking.side.records(watched.connected())).isEmpty();
  }

  @Test
  void onceItIsOverAllAreLookedAtSoon() {
    Watched watched = looking.known();
    looking.outages.failed(watched.id());
    looking.outages.failed(UUID.randomUUID());
    Duration far = Duration.ofHours(3);
    looking.dueIn(watched, far);
    AfterOutage after =
        new AfterOutage(looking.parts.database(), looking.outages, looking.parts.clock(), () -> {});
    after.run();
    assertThat(looking.dueIn(watched)).isGreaterThan(Duration.ofHours(2));

    looking.wait(Duration.ofMinutes(1));
    looking.outages.answered(watched.id(), false);
    looking.wait(Duration.ofMinutes(4));
    after.run();

    assertThat(looking.dueIn(watched)).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void afterNoInstanceRanForAWhileAllAreLookedAtSoon() {
    List<Watched> all = looking.several(2);
    looking.look();
    all.forEach(one -> looking.dueIn(one, Duration.ofHours(3)));
    AfterOutage first =
        new AfterOutage(looking.parts.database(), looking.outages, looking.parts.clock(), () -> {});
    first.run();
    looking.wait(Duration.ofMinutes(1));
    first.run();
    assertThat(looking.dueIn(all.getFirst())).isGreaterThan(Duration.ofHours(2));

    looking.wait(Duration.ofMinutes(3));
    first.run();

    assertThat(all.stream().map(looking::dueIn).sorted().toList())
        .satisfiesExactly(
            one -> assertThat(one).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8)),
            two -> assertThat(two).isBetween(Duration.ofSeconds(12), Duration.ofSeconds(16)));
  }

  private void lookForAWhile() {
    for (int i = 0; i < 6; i++) {
      looking.confirm();
    }
  }
}
