package sh.cinch.benchmark.figures;

import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;

/**
 * Where it was measured. Others who use its cores meanwhile show in the load average.
 *
 * @param load of the minute before the run, as {@code uptime} shows it; negative where the system
 *     does not say
 */
public record Machine(int cores, String system, String java, double load) {

  public static Machine now() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  public String text() {
    return "%d cores, %s, %s; load average before: %.1f".formatted(cores, system, java, load);
  }

  public JsonObject json() {
    return new JsonObject()
        .put("cores", cores)
        .put("system", system)
        .put("java", java)
        .put("loadAverage", Ratios.rounded(load));
  }
}
