package sh.cinch.releaseworker.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import sh.cinch.forge.Cause;
import sh.cinch.releaseworker.releases.ReleaseFile;

/** A file that hardly moves gives its place up, and says who is to blame. */
class ContentWatchTest {

  private static final LeastRate LEAST = new LeastRate(4, Duration.ofMillis(50));
  private static final Duration LONG = Duration.ofMinutes(1);

  private final GivenSource source = new GivenSource();
  private final VerifiedContent content =
      new VerifiedContent(
          source,
          new ReleaseFile(
              "release",
              0,
              "app",
              "app",
              Optional.of("artifact:1"),
              10,
              DigestUtils.sha256Hex("0123456789"),
              ReleaseFile.State.OPEN,
              Optional.empty(),
              List.of()));

  @Test
  void aSourceThatDripsIsBrokenOff() {
    content.fetch(1);
    source.gives("012");
    try (ContentWatch watch = new ContentWatch(content, LONG, LEAST)) {
      watch.start();
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
    assertThat(new ContentWatch(content, LONG, LEAST).look()).isFalse();
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
    ContentWatch watch = new ContentWatch(content, LONG, LEAST);
    assertThat(watch.look()).isTrue();
    assertThat(watch.look()).isTrue();
    assertThat(content.fault()).isEmpty();
  }

  @Test
  void whatMovesFastEnoughGoesOn() {
    content.fetch(1);
    ContentWatch watch = new ContentWatch(content, LONG, LEAST);
    source.gives("0123");
    assertThat(watch.look()).isTrue();
    source.gives("4567");
    assertThat(watch.look()).isTrue();
    assertThat(content.fault()).isEmpty();
  }

  @Test
  void whatMovesAndDoesNotGetThroughIsBrokenOff() {
    content.fetch(1);
    source.gives("0123");
    assertThat(new ContentWatch(content, Duration.ZERO, LEAST).look()).isFalse();
    assertThat(content.fault().orElseThrow())
        .isEqualTo(new Fault.Slow(Cause.SOURCE, "it did not get through within 0 minutes"));
  }
}
