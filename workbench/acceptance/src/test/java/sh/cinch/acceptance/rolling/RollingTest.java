package sh.cinch.acceptance.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.acceptance.rolling.Fleet.Member;
import sh.cinch.acceptance.rolling.Fleet.Release;
import sh.cinch.acceptance.rolling.Fleet.Service;
import sh.cinch.testkit.ChildProcess;

/**
 * Release 0.1.0 under load, rolled forward to this one, back, and forward again, process by process
 * with both at work: nothing is lost, and nothing is shown twice differently. Only for the proof,
 * since it builds the other release.
 */
@Tag("proof")
class RollingTest {

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void nothingIsLostAndNothingIsShownTwiceDifferently() throws Exception {
    Release former = new Release("0.1.0", FormerRelease.classPath());
    Release current = new Release("this", ChildProcess.classPath());
    try (Fleet fleet = new Fleet(folder)) {
      List.of(Service.values()).forEach(service -> fleet.start(service, former));
      Member unused = fleet.start(Service.STATUS_WORKER, former);
      try (Load load = new Load(fleet, "acme/app", Duration.ofMillis(400));
          Rolling rolling = new Rolling(fleet, load, former, current)) {
        rolling.run();
      }
      assertThat(fleet.errors()).isEmpty();
    }
  }
}
