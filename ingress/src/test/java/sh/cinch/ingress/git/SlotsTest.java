package sh.cinch.ingress.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import sh.cinch.service.http.Problem;

class SlotsTest {

  private final Slots slots = new Slots(new GitSettings(3, 2, Duration.ofSeconds(1)));

  @Test
  void oneTokenLeavesRoomForOthers() {
    Slots.Slot first = slots.take("one");
    slots.take("one");

    assertThat(status("one")).isEqualTo(429);
    slots.take("two");
    assertThat(status("three")).isEqualTo(503);

    first.close();
    slots.take("one");
    assertThat(slots.taken()).isEqualTo(3);
  }

  private int status(String token) {
    try {
      slots.take(token);
      return 0;
    } catch (Problem problem) {
      assertThat(problem.retryAfter()).isPresent();
      return problem.status();
    }
  }

  @Test
  void whatIsPackedToHideItsSizeIsFound() throws Exception {
    PackedBody.check(GitAddressTest.packed(PackedBody.MOST));
    assertThatThrownBy(() -> PackedBody.check(GitAddressTest.packed(PackedBody.MOST + 1)))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(413));
  }
}
