package sh.cinch.service.due;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.StuckWatch;

class AttemptsTest {

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final Queue<String> due = new ConcurrentLinkedQueue<>();
  private final List<String> done = new CopyOnWriteArrayList<>();

  @Test
  void noMoreThanItsPlacesAreUnderWayAndAllOfThemAreWaitedFor() {
    CountDownLatch may = new CountDownLatch(1);
    IntStream.range(0, 10).mapToObj(String::valueOf).forEach(due::add);
    Attempts<String> attempts = Attempts.start("test", 3, this::take, claim -> waits(claim, may));

    await().until(() -> attempts.count() == 3);
    assertThat(due).hasSize(7);
    assertThat(attempts.finish(AT_ONCE)).isFalse();

    may.countDown();
    assertThat(attempts.finish(Duration.ofSeconds(10))).isTrue();
    assertThat(done).containsExactlyInAnyOrder("0", "1", "2");
    assertThat(due).as("nothing more was begun").hasSize(7);
  }

  @Test
  void anAttemptThatThrowsFreesItsPlace() {
    due.addAll(List.of("bad", "good"));
    try (Attempts<String> attempts = Attempts.start("test", 1, this::take, this::act)) {
      await().until(() -> done.contains("good"));
      // It leaves its place after it is done.
      await().until(() -> attempts.count() == 0);
    }
  }

  @Test
  void claimsThatCannotBeTakenGiveTheirPlacesBack() {
    AtomicInteger turns = new AtomicInteger();
    List<Integer> places = new CopyOnWriteArrayList<>();
    due.add("good");
    try (Attempts<String> attempts =
        Attempts.start(
            "test",
            4,
            (most, underWay) -> {
              places.add(most);
              if (turns.incrementAndGet() <= 2) {
                throw new IllegalStateException("nobody can claim now");
              }
              return take(most, underWay);
            },
            this::act)) {
      await().until(() -> done.contains("good"));
      assertThat(places).startsWith(4, 4, 4);
      await().until(() -> attempts.count() == 0);
    }
  }

  @Test
  void anEndThatMakesMoreDueIsFollowedAtOnce() {
    due.add("first");
    try (Attempts<String> attempts =
        Attempts.start(
            "test",
            2,
            this::take,
            claim -> {
              done.add(claim);
              if (claim.equals("first")) {
                due.add("second");
              }
            })) {
      await().until(() -> done.contains("second"));
      assertThat(attempts.check()).isInstanceOf(Check.Well.class);
    }
  }

  @Test
  void anAttemptThatDoesNotEndIsNotWell() {
    AtomicLong nanos = new AtomicLong();
    CountDownLatch may = new CountDownLatch(1);
    due.add("hung");
    try (Attempts<String> attempts =
        Attempts.start(
            "test",
            2,
            0,
            () -> new StuckWatch(Duration.ofMinutes(5), nanos::get),
            this::take,
            claim -> waits(claim, may))) {
      await().until(() -> attempts.count() == 1);
      nanos.addAndGet(Duration.ofSeconds(301).toNanos());
      assertThat(attempts.check())
          .isEqualTo(new Check.Unwell("an attempt of test is stuck for 301 s"));
      may.countDown();
      await().until(() -> attempts.check() instanceof Check.Well);
    }
  }

  @Test
  void placesForWhatIsClaimedElsewhereAreAQuarterOfThoseThatAreFree() {
    CountDownLatch may = new CountDownLatch(1);
    try (Attempts<String> attempts =
        Attempts.startLeavingSome("test", 8, this::take, claim -> waits(claim, may))) {
      // Not before it has found that nothing is due.
      await().until(() -> kept(attempts) == 2);
      Attempts<String>.Places places = attempts.keep(10);
      assertThat(kept(attempts)).as("while these are kept").isZero();
      places.begin(List.of("elsewhere"));
      assertThat(attempts.underWay()).containsExactly("elsewhere");
      assertThat(kept(attempts)).as("the other one is free again").isOne();
      may.countDown();
      await().until(() -> kept(attempts) == 2);
      assertThat(done).containsExactly("elsewhere");
    }
  }

  @Test
  void aLookLeavesThoseAloneUnlessMoreWasDueThanItBegan() {
    Queue<Integer> looks = new ConcurrentLinkedQueue<>();
    CountDownLatch may = new CountDownLatch(1);
    try (Attempts<String> attempts =
        Attempts.startLeavingSome(
            "test",
            8,
            (most, underWay) -> {
              looks.add(most);
              return take(most, underWay);
            },
            claim -> waits(claim, may))) {
      await().until(() -> looks.size() == 2);
      assertThat(looks).as("of the first it is not known").containsExactly(8, 6);
      IntStream.range(0, 7).mapToObj(String::valueOf).forEach(due::add);
      attempts.wake();
      await().until(() -> attempts.count() == 7);
      assertThat(looks).containsSubsequence(8, 6, 6, 2);
      may.countDown();
    }
  }

  @Test
  void thereAreSomeWhileItLooks() {
    CountDownLatch may = new CountDownLatch(1);
    Queue<Integer> looks = new ConcurrentLinkedQueue<>();
    try (Attempts<String> attempts =
        Attempts.startLeavingSome(
            "test",
            8,
            (most, underWay) -> {
              looks.add(most);
              if (looks.size() == 2) {
                waits("looked", may);
              }
              return List.of();
            },
            this::act)) {
      await().until(() -> looks.size() == 2);
      assertThat(kept(attempts)).isEqualTo(2);
      may.countDown();
    }
  }

  /** How many would be; they are free again. */
  private static int kept(Attempts<String> attempts) {
    Attempts<String>.Places places = attempts.keep(10);
    places.begin(List.of());
    return places.count();
  }

  private List<String> take(int most, Collection<String> underWay) {
    List<String> taken = new ArrayList<>();
    Stream.generate(due::poll).limit(most).takeWhile(claim -> claim != null).forEach(taken::add);
    return taken;
  }

  private void act(String claim) {
    if (claim.equals("bad")) {
      throw new IllegalStateException("it cannot be done");
    }
    done.add(claim);
  }

  private void waits(String claim, CountDownLatch may) {
    try {
      may.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    done.add(claim);
  }
}
