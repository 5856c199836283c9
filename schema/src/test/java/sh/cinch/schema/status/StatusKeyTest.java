package sh.cinch.schema.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class StatusKeyTest {

  private static final int[] ALPHABET = "abÖ /-🗼👩‍👩‍👧".codePoints().toArray();

  @Test
  void fortyCharactersStayAsTheyAre() {
    assertThat(StatusKey.first("🗼".repeat(40))).isEqualTo("🗼".repeat(40));
  }

  @Test
  void fortyOneKeepTheirBeginning() {
    assertThat(StatusKey.first("integration-tests-on-postgresql-and-kafka"))
        .hasSize(40)
        .matches("integration-tests-on-postgr-[0-9a-f]{12}");
  }

  @Test
  void aFurtherRefHasAKeyOfItsOwn() {
    // printf 'unit\0refs/heads/develop' | sha256sum | cut -c1-10
    assertThat(StatusKey.further("unit", "refs/heads/develop")).isEqualTo("unit-4c6f4fa47b");
    assertThat(StatusKey.further("integration-tests-on-postgresql-and-kafka", "refs/heads/main"))
        .hasSize(40)
        .matches("integration-tests-on-postgres-[0-9a-f]{10}");
  }

  @Test
  void anyKeyFitsIsWellFormedAndStaysItself() {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(40);
    Map<String, String> seen = new HashMap<>();
    for (int round = 0; round < 5_000; round++) {
      String key = "k" + randomText(random, random.nextInt(1, 501));
      for (String shown :
          new String[] {
            StatusKey.first(key),
            StatusKey.further(key, "refs/heads/a"),
            StatusKey.further(key, "refs/heads/b")
          }) {
        assertThat(shown.codePointCount(0, shown.length())).isLessThanOrEqualTo(StatusKey.LONGEST);
        assertThat(new String(shown.getBytes(UTF_8), UTF_8)).isEqualTo(shown);
        assertThat(seen.putIfAbsent(shown, key)).as(shown).isIn(null, key);
      }
      assertThat(StatusKey.further(key, "refs/heads/a"))
          .isNotEqualTo(StatusKey.further(key, "refs/heads/b"));
    }
  }

  private static String randomText(RandomGenerator random, int codePoints) {
    var text = new StringBuilder();
    random.ints(codePoints, 0, ALPHABET.length).forEach(i -> text.appendCodePoint(ALPHABET[i]));
    return text.toString();
  }
}
