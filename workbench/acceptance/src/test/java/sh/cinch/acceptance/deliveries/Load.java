package sh.cinch.acceptance.deliveries;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sh.cinch.acceptance.deliveries.Push.Attempt;
import sh.cinch.acceptance.deliveries.Push.Moved;
import sh.cinch.testkit.WebhookDelivery;

/**
 * People who push, and Bitbucket as it delivers that: it waits ten seconds, and tries what is
 * answered 5xx up to twice more, at once. Whether it then has the same request id, and whether it
 * does so where nobody answered, is told nowhere: every other push has the one, and the other.
 */
final class Load implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Of so many pushes in a row, two whose first answer is lost where they are to be. */
  private static final int LOSS = 20;

  private static final Duration GOES_ON = Duration.ofSeconds(90);
  private static final AtomicInteger COMMITS = new AtomicInteger();

  private final boolean losesAnswers;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Collection<Push> pushes = new ConcurrentLinkedQueue<>();
  private final List<Thread> pushing = new ArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();
  private volatile boolean isOver;

  private Load(boolean losesAnswers) {
    this.losesAnswers = losesAnswers;
  }

  /** Every answer comes to Bitbucket. */
  static Load overGoodLines() {
    return new Load(false);
  }

  /** Now and then an answer is lost on its way, and Bitbucket tries again. */
  static Load overBadLines() {
    return new Load(true);
  }

  /** Of each of these branches a push, and so long after it has begun the next if it is over. */
  Load branches(Connected repository, int count, Duration every) {
    for (int i = 0; i < count; i++) {
      Duration first = every.multipliedBy(i).dividedBy(count);
      begin(repository, List.of("b" + i), first, every);
    }
    return this;
  }

  /** Of so many branches, all of which each push moves. */
  Load wide(Connected repository, int width, Duration every) {
    begin(
        repository,
        IntStream.range(0, width).mapToObj(i -> "wide" + i).toList(),
        Duration.ZERO,
        every);
    return this;
  }

  private void begin(Connected repository, List<String> branches, Duration first, Duration every) {
    long from = System.nanoTime() + first.toNanos();
    pushing.add(Thread.startVirtualThread(() -> push(repository, branches, from, every)));
  }

  private void push(Connected repository, List<String> branches, long from, Duration every) {
    List<Moved> last = List.of();
    long due = from;
    try {
      while (!isOver) {
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        last = push(repository, branches, last).moved();
        due = Math.max(due + every.toNanos(), System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One push of each of so many branches at once. */
  Load burst(Connected repository, int count) {
    for (int i = 0; i < count; i++) {
      List<String> branch = List.of("burst" + i);
      pushing.add(Thread.startVirtualThread(() -> pushOnce(repository, branch)));
    }
    return this;
  }

  private void pushOnce(Connected repository, List<String> branches) {
    try {
      Push unused = push(repository, branches, List.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns once it is taken or given up.
   *
   * @param last from where its branches are moved; none at first
   */
  Push push(Connected repository, List<String> branches, List<Moved> last)
      throws InterruptedException {
    List<Moved> moved = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      String from = last.isEmpty() ? null : last.get(i).commit();
      moved.add(moved(branches.get(i), from));
    }
    int number = numbers.getAndIncrement();
    boolean hasOneId = number % 2 == 0;
    boolean insists = number % 4 < 2;
    WebhookDelivery delivery = repository.delivery(moved);
    List<Attempt> attempts = new ArrayList<>();
    Attempt first = attempt(delivery);
    attempts.add(losesAnswers && number % LOSS < 2 ? first.lost() : first);
    while (attempts.size() < Push.MOST_ATTEMPTS && isTriedAgain(attempts.getLast(), insists)) {
      delivery = delivery.with("X-Attempt-Number", String.valueOf(attempts.size() + 1));
      if (!hasOneId) {
        delivery = delivery.with("X-Request-UUID", UUID.randomUUID().toString());
      }
      attempts.add(attempt(delivery));
    }
    Push push = new Push(repository, List.copyOf(moved), hasOneId, List.copyOf(attempts));
    pushes.add(push);
    if (push.isTaken()) {
      taken.incrementAndGet();
    }
    return push;
  }

  private static Moved moved(String branch, @Nullable String from) {
    return new Moved(branch, from, "%040x".formatted(COMMITS.incrementAndGet()));
  }

  private static boolean isTriedAgain(Attempt attempt, boolean insists) {
    return attempt.isAnswered() ? attempt.status() >= 500 : insists;
  }

  private Attempt attempt(WebhookDelivery delivery) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(delivery.url())
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofByteArray(delivery.body()));
    delivery.headers().forEach(request::header);
    long begun = System.nanoTime();
    int status;
    try {
      status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      status = 0;
    }
    return new Attempt(status, begun, System.nanoTime());
  }

  /** Goes on for so long. */
  void during(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }

  /** Goes on until so many more are taken. */
  void goOn(int more) {
    int until = taken.get() + more;
    await("taken pushes").atMost(GOES_ON).until(() -> taken.get() >= until);
  }

  /** All of them, once each is taken or given up; nothing more is pushed. */
  List<Push> end() throws InterruptedException {
    isOver = true;
    for (Thread one : pushing) {
      one.join();
    }
    return List.copyOf(pushes);
  }

  @Override
  public void close() {
    isOver = true;
    pushing.forEach(Thread::interrupt);
    http.shutdownNow();
  }
}
