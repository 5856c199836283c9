package sh.cinch.bitbucket.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class StatusKeyTest {
  private static final int[] ALPHABET = "abÖ /-🗼👩‍👩‍👧".codePoints().toArray();

  @Test
  void fortyCharactersStayAsTheyAre() {
    String key = "🗼".repeat(40);

    assertThat(StatusKey.of(key).value()).isEqualTo(key);
  }

  @Test
  void fortyOneKeepTheirBeginning() {
    String key = "integration-tests-on-postgresql-and-kafka";

    assertThat(StatusKey.of(key).value())
        .hasSize(40)
        .matches("integration-tests-on-postgr-[0-9a-f]{12}");
  }

  @Test
  void equalBeginningsStayDifferent() {
    String start = "x".repeat(40);

    assertThat(StatusKey.of(start + "a")).isNotEqualTo(StatusKey.of(start + "b"));
  }

  @Test
  void anyKeyFitsIsWellFormedAndStaysItself() {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(40);
    Map<String, String> seen = new HashMap<>();
    for (int round = 0; round < 5_000; round++) {
      String text = randomText(random, random.nextInt(1, 501));

      String key = StatusKey.of("k" + text).value();

      assertThat(key.codePointCount(0, key.length())).isLessThanOrEqualTo(StatusKey.LONGEST);
      assertThat(new String(key.getBytes(UTF_8), UTF_8)).isEqualTo(key);
      assertThat(StatusKey.of("k" + text).value()).isEqualTo(key);
      String before = seen.put(key, text);
      assertThat(before == null || before.equals(text)).as(text).isTrue();
    }
  }

  @Test
  void blankOrTooLongIsNoKey() {
    assertThatThrownBy(() -> StatusKey.of(" ")).hasMessageContaining("must not be blank");
    assertThatThrownBy(() -> new StatusKey("x".repeat(41)))
        .hasMessage("a status key has at most 40 characters, not 41");
  }

  private static String randomText(RandomGenerator random, int codePoints) {
    var text = new StringBuilder();
    random.ints(codePoints, 0, ALPHABET.length).forEach(i -> text.appendCodePoint(ALPHABET[i]));
    return text.toString();
  }
}
