package sh.cinch.ingress.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UuidsTest {

  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00.123Z");

  @Test
  void anIdOfATimeIsOfVersionSevenAndSaysTheTime() {
    UUID id = Uuids.at(NOW);

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void noTwoOfATimeAreTheSameAndLaterOnesComeAfterThem() {
    List<String> ids = IntStream.range(0, 10_000).mapToObj(i -> Uuids.at(NOW).toString()).toList();

    assertThat(ids)
        .doesNotHaveDuplicates()
        .allSatisfy(id -> assertThat(id).isLessThan(Uuids.at(NOW.plusMillis(1)).toString()));
  }
}
