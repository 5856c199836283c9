package sh.cinch.bitbucket.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import sh.cinch.testkit.Payloads;

/** Breaks bodies at random; whatever comes out, it is an answer. */
class BrokenPayloadsTest {
  private static final int ROUNDS = 3_000;
  private static final long SEED = 20261124;

  private enum Breakage {
    TRUNCATE,
    FLIP,
    DUPLICATE,
    NEST,
    OVERWRITE
  }

  private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(SEED);

  @Test
  void nothingThrows() throws IOException {
    var refused = new EnumMap<Breakage, Integer>(Breakage.class);
    for (Payloads.Entry entry : Payloads.given().pushes()) {
      byte[] whole = Payloads.given().body(entry.file());
      for (int round = 0; round < ROUNDS; round++) {
        Breakage how = Breakage.values()[round % Breakage.values().length];
        byte[] broken = breakBody(how, whole);
        assertThatCode(() -> count(refused, how, broken))
            .as("%s, %s, round %d", entry.file(), how, round)
            .doesNotThrowAnyException();
      }
    }
    assertThat(refused).as("each way breaks some").containsOnlyKeys(Breakage.values());
  }

  private static void count(Map<Breakage, Integer> refused, Breakage how, byte[] broken) {
    PayloadRepository.parse(broken);
    if (!(PushPayload.parse(broken) instanceof PushPayload.Parsed)) {
      refused.merge(how, 1, Integer::sum);
    }
  }

  private byte[] breakBody(Breakage how, byte[] whole) {
    int from = random.nextInt(whole.length);
    int to = random.nextInt(from, Math.min(whole.length, from + 400));
    byte[] part = Arrays.copyOfRange(whole, from, to);
    return switch (how) {
      case TRUNCATE -> Arrays.copyOf(whole, from);
      case FLIP -> flip(whole.clone());
      case DUPLICATE -> join(Arrays.copyOf(whole, to), part, tail(whole, to));
      case NEST ->
          join(Arrays.copyOf(whole, from), repeat('[', random.nextInt(200)), tail(whole, from));
      case OVERWRITE -> join(Arrays.copyOf(whole, from), noise(part.length), tail(whole, to));
    };
  }

  private byte[] flip(byte[] body) {
    for (int times = random.nextInt(1, 5); times > 0; times--) {
      body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return body;
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] repeat(char c, int times) {
    byte[] run = new byte[times];
    Arrays.fill(run, (byte) c);
    return run;
  }

  private static byte[] tail(byte[] body, int from) {
    return Arrays.copyOfRange(body, from, body.length);
  }

  private static byte[] join(byte[]... parts) {
    var joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
