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
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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

  private final Duration patience;
  private final boolean losesAnswers;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Collection<Push> pushes = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> pushing = new ConcurrentLinkedQueue<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();
  private volatile boolean isOver;

  private Load(Duration patience, boolean losesAnswers) {
    this.patience = patience;
    this.losesAnswers = losesAnswers;
  }

  /** Every answer comes to Bitbucket. */
  static Load overGoodLines() {
    return overGoodLines(PATIENCE);
  }

  /** The same from somebody who waits so long for each. */
  static Load overGoodLines(Duration patience) {
    return new Load(patience, false);
  }

  /** Now and then an answer is lost on its way, and Bitbucket tries again. */
  static Load overBadLines() {
    return new Load(PATIENCE, true);
  }

  /** Of each of these branches a push, and so long after it the next, once it is over. */
  Load branches(Connected repository, int count, Duration every) {
    for (int i = 0; i < count; i++) {
      Duration first = every.multipliedBy(i).dividedBy(count);
      List<String> branch = List.of("b" + i);
      begin(() -> oneAfterTheOther(repository, branch, first, every));
    }
    return this;
  }

  /** The same of so many branches at once, all of which each push moves. */
  Load wide(Connected repository, int width, Duration every) {
    begin(() -> oneAfterTheOther(repository, branches(width), Duration.ZERO, every));
    return this;
  }

  /** Each of so many branches in turn, so many pushes a second, whatever becomes of them. */
  Load flood(Connected repository, int count, int aSecond) {
    begin(() -> inTurn(repository, branches(count), Duration.ofSeconds(1).dividedBy(aSecond)));
    return this;
  }

  /** One push of each of so many branches, all at once. */
  Load burst(Connected repository, int count) {
    for (String branch : branches(count)) {
      begin(() -> deliver(repository, moved(List.of(branch), List.of())));
    }
    return this;
  }

  static List<String> branches(int count) {
    return IntStream.range(0, count).mapToObj(i -> "b" + i).toList();
  }

  private interface Pushing {
    void run() throws InterruptedException;
  }

  private void begin(Pushing work) {
    pushing.add(
        Thread.startVirtualThread(
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }));
  }

  private void oneAfterTheOther(
      Connected repository, List<String> branches, Duration first, Duration every)
      throws InterruptedException {
    List<Moved> last = List.of();
    long due = System.nanoTime() + first.toNanos();
    while (!isOver) {
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      last = moved(branches, last);
      deliver(repository, last);
      due = Math.max(due + every.toNanos(), System.nanoTime());
    }
  }

  private void inTurn(Connected repository, List<String> branches, Duration every)
      throws InterruptedException {
    List<List<Moved>> last = new ArrayList<>(Collections.nCopies(branches.size(), List.of()));
    long begun = System.nanoTime();
    for (int i = 0; !isOver; i++) {
      TimeUnit.NANOSECONDS.sleep(begun + i * every.toNanos() - System.nanoTime());
      int branch = i % branches.size();
      List<Moved> moved = moved(List.of(branches.get(branch)), last.get(branch));
      last.set(branch, moved);
      begin(() -> deliver(repository, moved));
    }
  }

  /**
   * @param last from where they are moved; none where they are new
   */
  static List<Moved> moved(List<String> branches, List<Moved> last) {
    return IntStream.range(0, branches.size())
        .mapToObj(
            i ->
                new Moved(
                    branches.get(i),
                    last.isEmpty() ? null : last.get(i).commit(),
                    "%040x".formatted(COMMITS.incrementAndGet())))
        .toList();
  }

  /** Returns once it is taken or given up. */
  void deliver(Connected repository, List<Moved> moved) throws InterruptedException {
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
    Push push = new Push(repository, moved, hasOneId, List.copyOf(attempts));
    pushes.add(push);
    if (push.isTaken()) {
      taken.incrementAndGet();
    }
  }

  private static boolean isTriedAgain(Attempt attempt, boolean insists) {
    return attempt.isAnswered() ? attempt.status() >= 500 : insists;
  }

  private Attempt attempt(WebhookDelivery delivery) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(delivery.url())
            .timeout(patience)
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
    for (Thread one = pushing.poll(); one != null; one = pushing.poll()) {
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
