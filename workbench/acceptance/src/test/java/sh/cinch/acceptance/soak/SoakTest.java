package sh.cinch.acceptance.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.acceptance.soak.Deliveries.Answered;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Scale;

/** Whoever connects to an ingress in whatever bad way, the honest are served as ever. */
class SoakTest {

  private static final int OF_EACH = Scale.of(10, 500);
  private static final int SECONDS = Scale.of(3, 60);
  private static final int A_SECOND = 50;
  private static final long BYTES_A_SECOND = 50_000_000;

  /** Until its pools are filled, before anything else comes. */
  private static final int SECONDS_BEFORE = Scale.of(1, 5);

  /** Until what the hostile make it run is compiled, which takes a core and memory of its own. */
  private static final int SECONDS_COMPILING = Scale.of(1, 10);

  /** So long Bitbucket waits for an answer; then it was no delivery. */
  private static final long GIVEN_UP_AFTER_MS = 10_000;

  /** What a heap that is there from the beginning, and buffers beside it, may still grow by. */
  private static final int MARGIN_MB = 24;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void theHonestAreServedAmongTheHostile() throws Exception {
    try (Attacked ingress = new Attacked(folder, options());
        Deliveries honest = new Deliveries(ingress, ingress.target())) {
      assertThat(honest.send(A_SECOND, SECONDS_BEFORE)).allMatch(Answered::isTaken);
      Throttle throttle = new Throttle(BYTES_A_SECOND);
      List<Kind> kinds = Kinds.against(ingress.target());
      Proof proof =
          Proof.of("Honest deliveries among hostile connections")
              .that(
                  """
                  An ingress process with -Xmx128m; %d connections of each of %d kinds, each made \
                  again some seconds after it was closed, at most 50 MB a second together: %s; \
                  first %d s in which their paths are compiled, then the %d s of the other figures; \
                  sender, ingress, broker and database on the same machine\
                  """
                      .formatted(
                          OF_EACH,
                          kinds.size(),
                          String.join(", ", kinds.stream().map(Kind::name).toList()),
                          SECONDS_COMPILING,
                          SECONDS));
      List<Answered> compiling;
      List<Answered> answered;
      try (Crowd hostile = new Crowd(kinds, OF_EACH, throttle)) {
        compiling = honest.send(A_SECOND, SECONDS_COMPILING);
        try (Memory memory = new Memory(ingress.process())) {
          answered = honest.send(A_SECOND, SECONDS);
          proof
              .figure("honest deliveries at first", compiling.size())
              .figure("of these refused", refused(compiling))
              .figure("99.9 % of them answered within ms", Deliveries.millis(compiling, 0.999))
              .figure("hostile connections made", hostile.made())
              .figure("MB that they sent", throttle.passed() / 1_000_000)
              .figure("answers to them, by status", hostile.answers().counts())
              .figure("honest deliveries", answered.size())
              .figure("of these refused", refused(answered))
              .figure("half of them answered within ms", Deliveries.millis(answered, 0.5))
              .figure("99 % of them answered within ms", Deliveries.millis(answered, 0.99))
              .figure(
                  "99.9 % of them answered within ms (wanted: 1000)",
                  Deliveries.millis(answered, 0.999))
              .figure("idle connections of theirs that were closed", honest.again())
              .figure("most resident memory in the first third, MB", memory.most(0))
              .figure("most resident memory in the last third, MB", memory.most(2));
          assertThat(memory.most(2)).isLessThanOrEqualTo(memory.most(0) + MARGIN_MB);
        }
      }
      assertThat(Deliveries.counts(compiling)).as("%s", proof).containsOnlyKeys("202");
      assertThat(Deliveries.counts(answered)).as("%s", proof).containsOnlyKeys("202");
      assertThat(answered).hasSize(A_SECOND * SECONDS);
      ingress.awaitReady();
      if (Scale.isProof()) {
        // How soon depends on the machine, which the senders share: the figure above tells.
        assertThat(Deliveries.millis(answered, 1)).as("%s", proof).isLessThan(GIVEN_UP_AFTER_MS);
      }
      assertThat(failures()).isEmpty();
      proof.written();
    }
  }

  private static long refused(List<Answered> answered) {
    return answered.stream().filter(one -> !one.isTaken()).count();
  }

  private static List<String> options() {
    List<String> options =
        new ArrayList<>(
            List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch", "-XX:+ExitOnOutOfMemoryError"));
    if (Scale.isProof()) {
      options.add("-XX:TieredStopAtLevel=4"); // as an operator's Java has it
    }
    return options;
  }

  /** What the ingress' log says of something that went wrong in it. */
  private List<String> failures() throws Exception {
    try (Stream<String> lines = Files.lines(Attacked.log(folder))) {
      return lines
          .filter(
              line ->
                  line.contains(" ERROR ")
                      || line.startsWith("\tat ")
                      || line.contains("OutOfMemory"))
          .limit(100)
          .toList();
    }
  }
}
