package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Scale;

/** A worker that is killed leaves no half file where anybody sees it. */
@Execution(ExecutionMode.CONCURRENT)
class KilledReleaseTest {

  private static final int KILLS = Scale.of(1, 50);
  private static final int FILES = Scale.of(8, 20);

  /** So many that there is something to send while killed workers' claims hold. */
  private static final int REPOSITORIES = 1 + KILLS / 5;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  /** Both at once: they wait more than they work. */
  @Test
  void inTheEndThereAreExactlyItsFiles(TestReporter reporter) throws Exception {
    long seed = Long.getLong("cinch.seed", new Random().nextLong());
    reporter.publishEntry("cinch.seed", String.valueOf(seed));
    try (Killing discarded = new Killing(folder, "discarded", seed, REPOSITORIES, FILES);
        Killing kept = new Killing(folder, "kept", seed, REPOSITORIES, FILES);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> one = threads.submit(() -> whereHalvesAreDiscarded(discarded, seed));
      Future<?> other = threads.submit(() -> whereHalvesAreKept(kept, seed));
      one.get();
      other.get();
    }
  }

  private static void whereHalvesAreDiscarded(Killing killing, long seed) {
    try (DownloadsReader onlooker = new DownloadsReader(killing.views())) {
      killing.run(KILLS);
      onlooker.close();
      assertThat(onlooker.wrong()).isEmpty();
      assertThat(onlooker.fetched()).isPositive();
      told("Killed with SIGKILL in a release", killing, seed)
          .figure("times that somebody listed the downloads meanwhile", onlooker.looks())
          .figure("files that they fetched", onlooker.fetched())
          .figure("of these half, of wrong content or gone again", onlooker.wrong().size())
          .written();
    }
  }

  /** Somebody may see a half then, until the next worker is there; but none is left. */
  private static void whereHalvesAreKept(Killing killing, long seed) {
    killing.run(KILLS);
    told("Killed with SIGKILL in a release, where Bitbucket keeps halves", killing, seed).written();
  }

  private static Proof told(String title, Killing killing, long seed) {
    return Proof.of(title)
        .that(
            ("A release-worker process killed up to three seconds after it has begun with a file,"
                    + " and started again; releases of %d files into %d repositories, in each"
                    + " over the files of the one before; Bitbucket answers 300 ms late")
                .formatted(FILES, REPOSITORIES))
        .figure("seed", seed)
        .figure("kills", KILLS)
        .figure("kills that broke off at least one upload", killing.midway())
        .figure("uploads broken off", killing.torn())
        .figure("releases asked for", killing.asked())
        .figure("delivered in the end", killing.delivered())
        .figure(
            "repositories that have exactly the files of the last one in the end, all with the"
                + " size and SHA-256 announced, and the right checksums file",
            "%d of %d".formatted(killing.right(), REPOSITORIES))
        .figure("left of two files that could not be sent to their end", killing.left());
  }
}
