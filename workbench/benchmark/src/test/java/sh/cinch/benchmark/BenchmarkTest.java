package sh.cinch.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import picocli.CommandLine;

/** That it measures; never what: figures depend on the machine. */
class BenchmarkTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine command =
      Main.command().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void aMomentOfLeasesGivesTheirFigures() {
    assertThat(command.execute("leases --seconds 0.2 --rounds 1 --json".split(" ")))
        .as("%s", err)
        .isZero();
    JsonObject figures = new JsonObject(out.toString());
    assertThat(figures.getJsonObject("leases").getDouble("ratio")).isPositive();
  }

  @Test
  @EnabledIfSystemProperty(named = "cinch.proof", matches = "true")
  void aMomentOfEverythingGivesFiguresOfEverything() {
    String[] moment =
        "all --seconds 0.2 --rounds 1 --mib 1 --files 8 --statuses 40 --remembered 100 --json"
            .split(" ");
    assertThat(command.execute(moment)).as("%s", err).isZero();
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
    JsonObject releases = figures.getJsonObject("releases");
    assertThat(releases.getJsonObject("large").getDouble("ratio")).isPositive();
    assertThat(releases.getJsonObject("large").getDouble("ratioOfBytes")).isPositive();
    assertThat(releases.getJsonObject("small").getInteger("files")).isEqualTo(8);
    assertThat(releases.getJsonObject("small").getDouble("ratio")).isPositive();
    JsonObject statuses = figures.getJsonObject("statuses");
    for (String part : List.of("throughput", "remembered")) {
      JsonObject throughput = statuses.getJsonObject(part);
      assertThat(throughput.getDouble("ours")).isPositive();
      assertThat(throughput.getDouble("limit")).isPositive();
      assertThat(throughput.getDouble("ratio")).isPositive();
      assertThat(throughput.getJsonObject("perStatus").getDouble("statements")).isPositive();
    }
    assertThat(statuses.getJsonObject("remembered").getInteger("rows")).isEqualTo(100);
    assertThat(statuses.getJsonArray("delay"))
        .hasSize(2)
        .allSatisfy(delay -> assertThat(((JsonObject) delay).getDouble("ratio")).isPositive());
    JsonObject deliveries = figures.getJsonObject("deliveries");
    for (String pace : List.of("fast", "even")) {
      assertThat(deliveries.getJsonArray(pace))
          .hasSize(1)
          .allSatisfy(
              round -> assertThat(((JsonObject) round).getDouble("webhooksRatio")).isPositive());
    }
  }

  @Test
  void whatCannotBeMeasuredIsRefusedBeforeAnythingStarts() {
    assertThat(command.execute("--rounds", "0")).isEqualTo(2);
    assertThat(command.execute("--seconds", "0")).isEqualTo(2);
    assertThat(command.execute("--mib", "0")).isEqualTo(2);
    assertThat(command.execute("--files", "501")).isEqualTo(2);
    assertThat(command.execute("--statuses", "0")).isEqualTo(2);
    assertThat(command.execute("--in-flight", "0")).isEqualTo(2);
    assertThat(command.execute("--remembered", "0")).isEqualTo(2);
    assertThat(command.execute("webhooks")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }
}
