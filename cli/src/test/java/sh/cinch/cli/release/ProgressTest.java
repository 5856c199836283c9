package sh.cinch.cli.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.cinch.cli.terminal.Terminal;

class ProgressTest {

  private static final long MIB = 1024 * 1024;

  private final StringWriter err = new StringWriter();
  private final QuickSleeper sleeper = new QuickSleeper();

  @Test
  void aLogHasALineAFileEveryFewSeconds() {
    Progress progress = new Lines(new PrintWriter(err), sleeper);
    try (Progress.Step large = progress.begin("sending", "large", 0, 60 * MIB);
        Progress.Step small = progress.begin("sending", "small", 0, 12 * MIB)) {
      for (int second = 1; second <= 12; second++) {
        sleeper.advance(Duration.ofMillis(500));
        large.at(second * 5L * MIB - MIB);
        small.at(second * MIB);
        sleeper.advance(Duration.ofMillis(500));
        large.at(second * 5L * MIB);
      }
    }
    assertThat(err.toString().lines())
        .containsExactly(
            "  sending large   41%  25.0 MiB of 60.0 MiB  5.0 MiB/s  7 s left",
            "  sending small   50%  6.0 MiB of 12.0 MiB  1.1 MiB/s  6 s left",
            "  sending large   83%  50.0 MiB of 60.0 MiB  5.0 MiB/s  2 s left",
            "  sending small   91%  11.0 MiB of 12.0 MiB  1.0 MiB/s  1 s left");
  }

  @Test
  void whatWasThereBeforeIsNoSpeed() {
    Progress progress = new Lines(new PrintWriter(err), sleeper);
    try (Progress.Step step = progress.begin("sending", "a\033[2Jb", 50 * MIB, 100 * MIB)) {
      sleeper.advance(Duration.ofSeconds(10));
      step.at(60 * MIB);
    }
    assertThat(err.toString())
        .isEqualTo("  sending a\\u{1b}[2Jb   60%  60.0 MiB of 100.0 MiB  1.0 MiB/s  40 s left\n");
  }

  @Test
  void aTerminalHasABarAFileBelowWhatIsSaid() {
    Progress progress = new Bars(Terminal.of(new PrintWriter(err)), sleeper, 90);
    Progress.Step one = progress.begin("sending", "one", 0, 10 * MIB);
    Progress.Step two = progress.begin("sending", "two", 0, 10 * MIB);
    for (int second = 1; second <= 5; second++) {
      sleeper.advance(Duration.ofSeconds(1));
      one.at(second * MIB);
      two.at(second * 2L * MIB - MIB);
    }
    progress.say("something happened");
    assertThat(screen())
        .containsExactly(
            "something happened",
            "  sending one [==========          ]  50%  5.0 MiB of 10.0 MiB  1.0 MiB/s  5 s left",
            "  sending two [==================  ]  90%  9.0 MiB of 10.0 MiB  1.8 MiB/s  1 s left");
    two.close();
    progress.say("two  sent");
    assertThat(screen())
        .containsExactly(
            "something happened",
            "two  sent",
            "  sending one [==========          ]  50%  5.0 MiB of 10.0 MiB  1.0 MiB/s  5 s left");
    one.close();
    assertThat(screen()).containsExactly("something happened", "two  sent");
  }

  @Test
  void aBarIsDrawnAFewTimesASecondAndNeverBreaks() {
    Progress progress = new Bars(Terminal.of(new PrintWriter(err)), sleeper, 60);
    try (Progress.Step step = progress.begin("sending", "n".repeat(80), 0, 10 * MIB)) {
      for (int i = 0; i < 1000; i++) {
        sleeper.advance(Duration.ofMillis(1));
        step.at(i * 1024L);
      }
      assertThat(screen()).singleElement().satisfies(line -> assertThat(line).hasSize(59));
    }
    assertThat(err.toString().split("sending", -1)).hasSizeLessThan(15);
  }

  @Test
  void inANarrowTerminalTheBarIsWhatGetsShorter() {
    Progress progress = new Bars(Terminal.of(new PrintWriter(err)), sleeper, 74);
    try (Progress.Step step = progress.begin("sending", "one", 0, 10 * MIB)) {
      sleeper.advance(Duration.ofSeconds(5));
      step.at(5 * MIB);
      assertThat(screen())
          .containsExactly(
              "  sending one [=====     ]  50%  5.0 MiB of 10.0 MiB  1.0 MiB/s  5 s left");
    }
  }

  @Test
  void sizesAndTimesAreWrittenForPeople() {
    assertThat(
            List.of(Text.bytes(1023), Text.bytes(1024), Text.bytes(1048575), Text.bytes(5L << 30)))
        .containsExactly("1023 B", "1.0 KiB", "1.0 MiB", "5.0 GiB");
    assertThat(
            List.of(
                Text.duration(Duration.ofMillis(500)),
                Text.duration(Duration.ofSeconds(61)),
                Text.duration(Duration.ofMinutes(30)),
                Text.duration(Duration.ofMinutes(150))))
        .containsExactly("500 ms", "1 min 1 s", "30 min", "2 h 30 min");
  }

  /** What somebody sees after all that was written. */
  private List<String> screen() {
    List<String> lines = new ArrayList<>();
    for (String line : err.toString().split("\n", -1)) {
      String rest = line;
      while (rest.startsWith("\033[1A\033[2K")) {
        lines.removeLast();
        rest = rest.substring("\033[1A\033[2K".length());
      }
      lines.add(rest);
    }
    lines.removeLast();
    return lines;
  }
}
