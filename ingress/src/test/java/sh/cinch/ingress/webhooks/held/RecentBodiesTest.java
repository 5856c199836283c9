package sh.cinch.ingress.webhooks.held;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.delivery.KeptHeaders;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.delivery.Origin;
import sh.cinch.ingress.webhooks.held.RecentBodies.Coming;

class RecentBodiesTest {

  private static final Instant FIRST = Instant.parse("2026-11-24T12:00:00Z");

  private static TestParts parts;

  private final UUID hook = UUID.randomUUID();
  private final AtomicInteger asked = new AtomicInteger();
  private RecentBodies bodies;

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
  }

  @AfterAll
  static void stop() {
    parts.close();
  }

  @BeforeEach
  void begin() {
    bodies = instance();
  }

  private RecentBodies instance() {
    Deliveries log = new Deliveries(parts.database());
    return new RecentBodies(
        questions -> {
          asked.addAndGet(questions.size());
          log.answer(questions);
        });
  }

  @Test
  void whatComesAllTheTimeIsAskedForOnce() {
    LoggedDelivery first = came(FIRST, "published");
    for (int minute = 1; minute <= 10; minute++) {
      LoggedDelivery line = line(FIRST.plus(Duration.ofMinutes(minute)), "published");
      assertThat(bodies.isRetry(line) || bodies.ask(line) instanceof Coming.PerhapsAsRetry)
          .isTrue();
      bodies.published(line);
    }

    assertThat(asked).hasValue(1);
    assertThat(bodies.isRetry(line(first.receivedAt().plus(Duration.ofMinutes(13)), "")))
        .as("more than two minutes later")
        .isFalse();
  }

  @Test
  void whatAnotherInstanceGotMeanwhileCounts() {
    came(FIRST, "published");
    LoggedDelivery line = came(FIRST.plusSeconds(90), "published");
    bodies.published(line);
    came(FIRST.plusSeconds(180), "no-room");

    assertThat(bodies.ask(line(FIRST.plusSeconds(270), "")))
        .isInstanceOf(Coming.PerhapsAsRetry.class);
  }

  @Test
  void whatWasHeldOrDroppedOrATwinDoesNot() {
    came(FIRST, "published");
    came(FIRST.plusSeconds(180), "held");
    came(FIRST.plusSeconds(181), "dropped");
    came(FIRST.plusSeconds(182), "no-room-to-hold");
    came(FIRST.plusSeconds(183), "same-push");

    assertThat(bodies.ask(line(FIRST.plusSeconds(184), ""))).isEqualTo(new Coming.Again(FIRST));
    assertThat(bodies.isRetry(line(FIRST.plusSeconds(184), ""))).isFalse();
  }

  @Test
  void theWindowIsNoLongerThanAnHour() {
    came(FIRST, "published");
    came(FIRST.plus(Duration.ofMinutes(59)), "published");
    came(FIRST.plus(Duration.ofMinutes(60)), "published");

    assertThat(bodies.ask(line(FIRST.plus(Duration.ofMinutes(60)), "")))
        .isInstanceOf(Coming.PerhapsAsRetry.class);
    assertThat(instance().ask(line(FIRST.plus(Duration.ofMinutes(61)), "")))
        .isEqualTo(new Coming.Again(FIRST));
    assertThat(bodies.isRetry(line(FIRST.plus(Duration.ofMinutes(61)), ""))).isFalse();
  }

  @Test
  void anotherHooksBodyIsAnotherOne() {
    came(FIRST, "published");

    assertThat(bodies.ask(line(UUID.randomUUID(), FIRST.plusSeconds(10), "")))
        .isInstanceOf(Coming.ForTheFirstTime.class);
  }

  /** Its line is in the log. */
  private LoggedDelivery came(Instant at, String outcome) {
    LoggedDelivery line = line(at, outcome);
    new Deliveries(parts.database()).addOwn(line);
    return line;
  }

  private LoggedDelivery line(Instant at, String outcome) {
    return line(hook, at, outcome);
  }

  private static LoggedDelivery line(UUID hook, Instant at, String outcome) {
    return new LoggedDelivery(
        UUID.randomUUID(),
        hook,
        hook,
        "repo:push",
        Optional.empty(),
        1,
        "request",
        "ab".repeat(32),
        202,
        outcome,
        1,
        Optional.empty(),
        at,
        Optional.empty(),
        KeptHeaders.NONE,
        List.of(),
        Origin.FORGE);
  }
}
