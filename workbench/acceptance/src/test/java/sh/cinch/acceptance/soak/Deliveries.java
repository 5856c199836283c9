package sh.cinch.acceptance.soak;

import static java.util.Comparator.comparingLong;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import sh.cinch.testkit.PushBody;
import sh.cinch.testkit.WebhookDelivery;

/** Pushes as the forge delivers them: so many a second, whatever became of those before. */
final class Deliveries implements AutoCloseable {

  /** Every so many-th comes on a connection of its own. */
  private static final int ALONE = 5;

  private static final int AT_ONCE = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * @param told how it was answered: the status, or why there was none
   */
  record Answered(String told, long nanos) {

    boolean isTaken() {
      return told.equals("202") || told.equals("200");
    }
  }

  private final Attacked ingress;
  private final URI hook;
  private final String hookUuid;
  private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(AT_ONCE);
  private final Deque<HonestLine> kept = new ConcurrentLinkedDeque<>();
  private final AtomicInteger again = new AtomicInteger();
  private int made;

  Deliveries(Attacked ingress, Target target) {
    this.ingress = ingress;
    this.hook = target.honest();
    this.hookUuid = target.hookUuid();
  }

  /** Returns once all are answered, or were not for too long. */
  List<Answered> send(int aSecond, int seconds) throws InterruptedException {
    Collection<Answered> answers = new ConcurrentLinkedQueue<>();
    int count = aSecond * seconds;
    for (int i = 0; i < count; i++) {
      int number = made++;
      var unused =
          threads.schedule(
              () -> answers.add(deliver(number)),
              TimeUnit.SECONDS.toNanos(i) / aSecond,
              TimeUnit.NANOSECONDS);
    }
    long end = System.nanoTime() + PATIENCE.plusSeconds(seconds).toNanos();
    while (answers.size() < count && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return List.copyOf(answers);
  }

  private Answered deliver(int number) {
    byte[] request = request(number);
    long begun = System.nanoTime();
    String told;
    try {
      told = String.valueOf(ask(request, number % ALONE == 0));
    } catch (IOException e) {
      told = e.toString();
    }
    return new Answered(told, System.nanoTime() - begun);
  }

  /** A connection that was closed while nothing was asked on it is no answer: it is made again. */
  private int ask(byte[] request, boolean isAlone) throws IOException {
    HonestLine idle = isAlone ? null : kept.poll();
    if (idle != null) {
      try {
        return askAndKeep(idle, request);
      } catch (IOException e) {
        again.incrementAndGet();
      }
    }
    HonestLine fresh = new HonestLine(ingress.target().port());
    if (!isAlone) {
      return askAndKeep(fresh, request);
    }
    try (fresh) {
      return fresh.ask(request);
    }
  }

  private int askAndKeep(HonestLine line, byte[] request) throws IOException {
    try {
      int status = line.ask(request);
      if (line.isLast()) {
        line.close();
      } else {
        kept.push(line);
      }
      return status;
    } catch (IOException e) {
      line.close();
      throw e;
    }
  }

  private byte[] request(int number) {
    String commit = "%040x".formatted(number + 1);
    byte[] body = ingress.pushOf(PushBody.Change.branch("b" + number, null, commit));
    WebhookDelivery delivery =
        WebhookDelivery.push(hook, hookUuid, body).signed(ingress.honestSecret());
    String headers =
        delivery.headers().entrySet().stream()
            .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
            .collect(Collectors.joining());
    return HonestLine.request(
        "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(hook.getPath(), headers, body.length),
        body);
  }

  /** How often an idle connection had been closed. */
  int again() {
    return again.get();
  }

  /** How many were answered in which way. */
  static Map<String, Long> counts(Collection<Answered> answers) {
    return answers.stream().collect(Collectors.groupingBy(Answered::told, Collectors.counting()));
  }

  /** Within how many milliseconds so much of all were answered. */
  static long millis(List<Answered> answers, double part) {
    List<Answered> sorted = new ArrayList<>(answers);
    sorted.sort(comparingLong(Answered::nanos));
    int last = (int) Math.ceil(part * sorted.size()) - 1;
    return TimeUnit.NANOSECONDS.toMillis(sorted.get(Math.max(last, 0)).nanos());
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    for (HonestLine line : kept) {
      line.close();
    }
  }
}
