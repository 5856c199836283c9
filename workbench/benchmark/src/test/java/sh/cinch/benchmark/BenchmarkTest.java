package sh.cinch.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** That it measures; never what: figures depend on the machine. */
class BenchmarkTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine command =
      Main.command().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void aMomentOfEverythingGivesFiguresOfEverything() {
    assertThat(command.execute("all", "--seconds", "0.2", "--rounds", "1", "--json"))
        .as("%s", err)
        .isZero();
    JsonObject figures = new JsonObject(out.toString());
    assertThat(figures.getJsonObject("leases").getDouble("ratio")).isPositive();
    JsonObject steps = figures.getJsonObject("refresh").getJsonObject("steps");
    assertThat(steps.fieldNames())
        .contains("lease-that-refreshes", "simulator", "update-and-commit")
        .allSatisfy(
            step -> {
              assertThat(steps.getJsonObject(step).getInteger("count")).isPositive();
              assertThat(steps.getJsonObject(step).getDouble("medianMs")).isPositive();
            });
  }

  @Test
  void whatCannotBeMeasuredIsRefusedBeforeAnythingStarts() {
    assertThat(command.execute("--rounds", "0")).isEqualTo(2);
    assertThat(command.execute("--seconds", "0")).isEqualTo(2);
    assertThat(command.execute("webhooks")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }
}
