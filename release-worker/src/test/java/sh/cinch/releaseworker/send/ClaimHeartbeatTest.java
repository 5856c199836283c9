package sh.cinch.releaseworker.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sh.cinch.forge.Cause;
import sh.cinch.releaseworker.releases.ReleaseFile;

/** A file that hardly moves gives its place up, and says who is to blame. */
class ClaimHeartbeatTest {

  private static final LeastRate LEAST = new LeastRate(4, Duration.ofMillis(50));
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Source source = new Source();
  private final VerifiedContent content = content(10);

  private VerifiedContent content(long size) {
    return new VerifiedContent(
        source,
        new ReleaseFile(
            "release",
            0,
            "app",
            "app",
            Optional.of("artifact:1"),
            size,
            DigestUtils.sha256Hex("0123456789"),
            ReleaseFile.State.OPEN,
            Optional.empty(),
            List.of()));
  }

  @Test
  void aSourceThatDripsIsBrokenOff() {
    content.fetch(1);
    source.gives("012");
    try (ClaimHeartbeat beating = new ClaimHeartbeat(() -> true, content, LONG, LEAST)) {
      await().until(() -> content.fault().isPresent());
    }
    assertThat(content.fault().orElseThrow())
        .isInstanceOfSatisfying(
            Fault.Slow.class,
            slow -> {
              assertThat(slow.whose()).isEqualTo(Cause.SOURCE);
              assertThat(slow.reason())
                  .startsWith("the source gave only 3 bytes in")
                  .endsWith("4 are the least (CINCH_RELEASE_LEAST_KIB)");
            });
  }

  @Test
  void bitbucketThatHardlyTakesAnythingIsSaidToBeSlow() {
    content.pause();
    try (ClaimHeartbeat beating = new ClaimHeartbeat(() -> true, content, LONG, LEAST)) {
      await().until(() -> content.fault().isPresent());
    }
    assertThat(content.fault().orElseThrow())
        .isInstanceOfSatisfying(
            Fault.Slow.class,
            slow -> {
              assertThat(slow.whose()).isEqualTo(Cause.FORGE);
              assertThat(slow.reason()).startsWith("Bitbucket took only 0 bytes");
            });
  }

  @Test
  void whatHasBeenSeenWholeMayWaitForItsAnswer() {
    content.fetch(1);
    source.gives("0123456789");
    int[] beats = new int[1];
    try (ClaimHeartbeat beating = new ClaimHeartbeat(() -> ++beats[0] > 0, content, LONG, LEAST)) {
      await().until(() -> beats[0] > 3);
    }
    assertThat(content.fault()).isEmpty();
  }

  @Test
  void whatMovesFastEnoughGoesOn() {
    VerifiedContent large = content(1_000_000);
    large.fetch(1);
    source.gives("0123");
    int[] beats = new int[1];
    try (ClaimHeartbeat beating =
        new ClaimHeartbeat(
            () -> {
              source.gives("0123");
              return ++beats[0] > 0;
            },
            large,
            LONG,
            LEAST)) {
      await().until(() -> beats[0] > 3);
    }
    assertThat(large.fault()).isEmpty();
  }

  /** Gives what the test says. */
  private static final class Source implements ReadStream<Buffer> {

    private @Nullable Handler<Buffer> handler;

    void gives(String bytes) {
      if (handler != null) {
        handler.handle(Buffer.buffer(bytes));
      }
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> told) {
      return this;
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> taker) {
      handler = taker;
      return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
      return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
      return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
      return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> ended) {
      return this;
    }
  }
}
