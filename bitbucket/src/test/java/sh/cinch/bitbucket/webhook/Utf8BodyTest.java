package sh.cinch.bitbucket.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8BodyTest {
  private static final int ROUNDS = 20_000;
  private static final long SEED = 20261129;

  @Test
  void aGoodBodyIsNotCopied() {
    byte[] body = "größer 🗼, ".repeat(50).getBytes(UTF_8);

    assertThat(Utf8Body.of(body).bytes()).isSameAs(body);
    assertThat(Utf8Body.of(body).isMended()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "e9",
        "c080",
        "c1a1",
        "e08080",
        "f0808080",
        "f4908080",
        "f5",
        "ff",
        "80",
        "e2",
        "e282",
        "f09f97",
        "e28261",
        "f09f97bce9",
        "efbfbf",
        "7fc3a4",
        "ed9fbf",
        "ed"
      })
  void whatIsMalformedIsReplacedAsJavasDecoderReplacesIt(String hex) {
    for (String around : new String[] {"", "a", "1234567", "12345678"}) {
      replaced(around, HexFormat.of().parseHex(hex), around);
    }
  }

  @Test
  void anyBytesAreReplacedAsJavasDecoderReplacesThem() {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = new byte[random.nextInt(24)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = bytes[i] == (byte) 0xed ? (byte) 0xec : bytes[i]; // see below
      }
      replaced("x", bytes, "y".repeat(random.nextInt(10)));
    }
  }

  /** Java's decoder has one for both bytes, or all three; the Unicode standard has one for each. */
  @Test
  void aSurrogateIsNoCharacter() {
    byte[] body = HexFormat.of().parseHex("61eda080edb08062eda0");

    assertThat(new String(Utf8Body.of(body).bytes(), UTF_8))
        .isEqualTo("a" + "\ufffd".repeat(6) + "b" + "\ufffd".repeat(2));
  }

  @Test
  void onlyWhatWasReplacedCountsAsMended() {
    byte[] body = "ab\ufffdcd".getBytes(UTF_8);
    body[6] = (byte) 0xe9;

    Utf8Body mended = Utf8Body.of(body);

    assertThat(new String(mended.bytes(), UTF_8)).isEqualTo("ab\ufffdc\ufffd");
    assertThat(mended.isMended(0, 6)).isFalse();
    assertThat(mended.isMended(6, 7)).isTrue();
    assertThat(mended.isMended(7, 9)).isFalse();
  }

  private static void replaced(String before, byte[] bytes, String after) {
    byte[] body = new byte[before.length() + bytes.length + after.length()];
    System.arraycopy(before.getBytes(UTF_8), 0, body, 0, before.length());
    System.arraycopy(bytes, 0, body, before.length(), bytes.length);
    System.arraycopy(
        after.getBytes(UTF_8), 0, body, before.length() + bytes.length, after.length());
    assertThat(new String(Utf8Body.of(body).bytes(), UTF_8))
        .as(HexFormat.of().formatHex(body))
        .isEqualTo(new String(body, UTF_8));
  }
}
