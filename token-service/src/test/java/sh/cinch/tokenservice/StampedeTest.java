package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.oauth.RefreshLog;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.Scale;

/**
 * Many who lease at once, on several instances, tokens that end again and again: after two seconds
 * in the proof, and where the machine has other work, whenever the clock is put forward.
 */
class StampedeTest {

  private static final int LIFE_SECONDS = Scale.of(3_600, 2);
  private static final int CREDENTIALS = 5;
  private static final int INSTANCES = 3;
  private static final int LESSEES = Scale.of(100, 1000);
  private static final long LONGEST_PAUSE_MS = 1000;
  private static final Duration SPAN = Duration.ofSeconds(60);
  private static final int LEAPS = 6;
  private static final int LEAST_EXPIRIES =
      Scale.of(LEAPS, (int) SPAN.toSeconds() / LIFE_SECONDS - 1);

  private final Stack stack = new Stack();
  private final List<Instance> instances = Stream.generate(stack::start).limit(INSTANCES).toList();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicLong leases = new AtomicLong();

  /** It does not leap while a token is on its way. */
  private final ReadWriteLock time = new ReentrantReadWriteLock();

  /** The latest end that any caller has been told, by credential. */
  private final Map<UUID, Instant> newest = new ConcurrentHashMap<>();

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void eachExpiryIsOneRefreshAndNobodyGetsAnOldToken() throws Exception {
    stack.forge.setting("accessTokenSeconds", LIFE_SECONDS);
    List<String> people = IntStream.range(0, CREDENTIALS).mapToObj(i -> "person-" + i).toList();
    List<UUID> credentials =
        people.stream().map(nickname -> stack.connect(instances.getFirst(), nickname)).toList();

    try (ExecutorService lessees = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < LESSEES; i++) {
        UUID credential = credentials.get(i % CREDENTIALS);
        Future<?> unused = lessees.submit(() -> leaseAgainAndAgain(credential));
      }
      if (Scale.isProof()) {
        boolean unused = over.await(SPAN.toMillis(), TimeUnit.MILLISECONDS);
      } else {
        leapFromExpiryToExpiry(people);
      }
      over.countDown();
    }

    assertThat(failures).isEmpty();
    for (String nickname : people) {
      RefreshLog.Count count = stack.forge.refreshes(nickname);
      assertThat(count.granted())
          .isEqualTo(count.requests())
          .isGreaterThanOrEqualTo(LEAST_EXPIRIES);
      assertThat(count.repeated() + count.reused()).isZero();
      assertThat(tokensOf(credentials.get(people.indexOf(nickname))))
          .isEqualTo(count.granted() + 1L);
    }
    RefreshLog.Count total = stack.forge.refreshes().total();
    Proof.of("One refresh for each expiry")
        .that(
            "%d instances, %d concurrent lessees of %d credentials, lifetimes of %d s, for %d s"
                .formatted(INSTANCES, LESSEES, CREDENTIALS, LIFE_SECONDS, SPAN.toSeconds()))
        .figure("leases", leases.get())
        .figure("refreshes the simulator counted", total.requests())
        .figure("refreshes beyond one for each expiry", total.repeated() + total.reused())
        .figure("leases of an expired or replaced token, or refused", failures.size())
        .written();
  }

  private void leapFromExpiryToExpiry(List<String> people) {
    for (int leap = 1; leap <= LEAPS && failures.isEmpty(); leap++) {
      int wanted = leap;
      leap();
      await()
          .until(
              () ->
                  !failures.isEmpty()
                      || people.stream()
                          .allMatch(one -> stack.forge.refreshes(one).granted() >= wanted));
    }
  }

  private void leap() {
    time.writeLock().lock();
    try {
      stack.clock.advance(Duration.ofSeconds(LIFE_SECONDS));
    } finally {
      time.writeLock().unlock();
    }
  }

  /** Each as often as a busy worker would, so that it is the service that is tried, not the CPU. */
  private Void leaseAgainAndAgain(UUID credential) throws InterruptedException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    while (!over.await(random.nextLong(LONGEST_PAUSE_MS), TimeUnit.MILLISECONDS)) {
      time.readLock().lock();
      try {
        lease(credential, instances.get(random.nextInt(INSTANCES)));
      } finally {
        time.readLock().unlock();
      }
      if (!failures.isEmpty()) {
        over.countDown();
      }
    }
    return null;
  }

  private void lease(UUID credential, Instance instance) {
    Instant before = newest.getOrDefault(credential, Instant.MIN);
    Instant asked = stack.clock.instant();
    Reply lease = instance.lease(credential);
    if (lease.status() == 201) {
      Instant expiresAt = Instant.parse(lease.text("expiresAt"));
      if (!expiresAt.isAfter(asked)) {
        failures.add("expired at %s, asked for at %s".formatted(expiresAt, asked));
      }
      if (expiresAt.isBefore(before)) {
        failures.add("ends %s, and one that ends %s had been lent".formatted(expiresAt, before));
      }
      boolean isFirst = newest.merge(credential, expiresAt, StampedeTest::later).isAfter(before);
      if (isFirst
          && stack.forge.statusOf(lease.text("authorization"), "/2.0/user") != 200
          && stack.clock.instant().isBefore(expiresAt)) {
        failures.add("Bitbucket does not take a token that was just lent");
      }
      leases.incrementAndGet();
    } else {
      failures.add("status " + lease.status() + ": " + lease.body());
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private long tokensOf(UUID credential) {
    return instances
        .getFirst()
        .sql()
        .fetchSingle("select token_version from token_service.credential where id = ?", credential)
        .get(0, Long.class);
  }
}
