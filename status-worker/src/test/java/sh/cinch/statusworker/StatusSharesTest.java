package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.statusworker.post.StatusPoster;

/** Whatever one repository sends, and however slowly it is answered, another's status goes out. */
class StatusSharesTest {

  private static final int MANY = 3 * StatusPoster.AT_ONCE;

  private final Project loud = Project.connected();
  private final Project quiet = Project.connected();

  @AfterEach
  void mend() {
    Stack.SHARED.bitbucket.mend();
  }

  @Test
  void aRepositoryThatIsAnsweredSlowlyHoldsUpNoOther() {
    loud.fault(Map.of("method", "POST", "kind", "latency", "ms", 4_000));
    for (int i = 0; i < MANY; i++) {
      loud.report(loud.state("success", 1).put("key", "k" + i));
    }

    quiet.await(quiet.report(quiet.state("success", 1)), DELIVERED);

    assertThat(loud.writes()).hasSizeLessThan(StatusPoster.AT_ONCE);
  }
}
