package sh.cinch.statusworker.statuses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Incoming;

/** A runner's clock that runs ahead covers nothing, not even by a replay. */
class ReceivedBuildStateTest {

  private final RecordHeaders headers = new RecordHeaders();

  @Test
  void aClockThatRunsAheadCountsAsWhenItCame() {
    assertThat(occurred(Duration.ofMinutes(4), Arrivals.NOON))
        .isEqualTo(Arrivals.NOON.plusSeconds(240));
    assertThat(occurred(Duration.ofHours(9), Arrivals.NOON)).isEqualTo(Arrivals.NOON);
  }

  @Test
  void aReplayCountsAsWhenItCameFirst() {
    headers.add("cinch-replay", "cinch.build-state.v1-0-1".getBytes(UTF_8));
    Instant muchLater = Arrivals.NOON.plus(Duration.ofDays(3));
    assertThat(occurred(Duration.ofHours(9), muchLater))
        .isEqualTo(Arrivals.NOON.plusSeconds(32_400));

    headers.add("cinch-dlq-taken", Arrivals.NOON.toString().getBytes(UTF_8));
    assertThat(occurred(Duration.ofHours(9), muchLater)).isEqualTo(Arrivals.NOON);
    assertThat(occurred(Duration.ofHours(-1), muchLater))
        .isEqualTo(Arrivals.NOON.minusSeconds(3_600));
  }

  private Instant occurred(Duration afterNoon, Instant brokerTime) {
    BuildState build =
        new Arrivals()
            .of(
                Arrivals.repository(),
                "e",
                null,
                null,
                State.SUCCESS,
                null,
                (int) afterNoon.toSeconds())
            .build();
    return new ReceivedBuildState(
            Arrivals.repository(),
            build,
            Incoming.kept(Topic.BUILD_STATE, 0, 7, brokerTime, null, new byte[1], headers))
        .report()
        .occurredAt();
  }
}
