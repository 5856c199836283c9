package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Refreshing before anybody has to wait, and not beyond what Bitbucket may put up with. */
class AheadOfNeedTest {

  /** Three minutes' worth, which is what may be saved up, are ten. */
  private static final int PER_HOUR = 200;

  private static final int AT_ONCE = 10;

  private final Stack stack = new Stack();
  private final Instance instance = stack.startWithin(PER_HOUR);

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void itKeepsWithinTheBudgetAndWhoeverWaitsDoesNot() {
    List<UUID> credentials = connect(30);
    stack.clock.advance(Duration.ofHours(3));

    awaitRefreshes(AT_ONCE);
    stack.clock.advance(Duration.ofMinutes(1).plusSeconds(30));
    awaitRefreshes(AT_ONCE + 5);
    assertThat(credentials)
        .allSatisfy(credential -> assertThat(instance.lease(credential).status()).isEqualTo(201));
    assertThat(refreshes()).isEqualTo(30);
  }

  @Test
  void instancesShareTheBudget() {
    List<UUID> credentials = connect(30);
    Instance other = stack.start();
    stack.clock.advance(Duration.ofHours(3));
    other.wake();

    awaitRefreshes(AT_ONCE);

    assertThat(credentials).hasSize(30);
  }

  private void awaitRefreshes(int expected) {
    instance.wake();
    await().untilAsserted(() -> assertThat(refreshes()).isEqualTo(expected));
    // One more turn finds the budget empty.
    instance.wake();
    await()
        .during(Duration.ofMillis(300))
        .untilAsserted(() -> assertThat(refreshes()).isEqualTo(expected));
  }

  private int refreshes() {
    return stack.forge.refreshes().total().requests();
  }

  private List<UUID> connect(int people) {
    return IntStream.range(0, people)
        .mapToObj(i -> instance.exchange(stack.forge.grant("person-" + i)).id())
        .toList();
  }
}
