package sh.cinch.benchmark.statuses;

import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.stream.Stream;
import sh.cinch.benchmark.figures.Ratios;

/**
 * What the processor spent, in nanoseconds.
 *
 * @param here in this JVM: Kafka, the token-service and the bare client
 * @param client of that the bare client's event loops
 */
record Cpu(long worker, long simulator, long postgres, long here, long client) {

  private static final double NANOS_A_MS = 1e6;

  static Cpu now(
      ProcessHandle worker, ProcessHandle simulator, ProcessHandle postgres, long client) {
    return new Cpu(nanos(worker), nanos(simulator), nanosOfAll(postgres), nanosOfThisJvm(), client);
  }

  private static long nanos(ProcessHandle process) {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private static long nanosOfAll(ProcessHandle parent) {
    return Stream.concat(Stream.of(parent), parent.descendants()).mapToLong(Cpu::nanos).sum();
  }

  private static long nanosOfThisJvm() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  Cpu since(Cpu before) {
    return new Cpu(
        worker - before.worker,
        simulator - before.simulator,
        postgres - before.postgres,
        here - before.here,
        client - before.client);
  }

  JsonObject millisEach(int count) {
    return new JsonObject()
        .put("worker", millis(worker, count))
        .put("simulator", millis(simulator, count))
        .put("postgres", millis(postgres, count))
        .put("kafkaAndRest", millis(here - client, count))
        .put("bareClient", millis(client, count));
  }

  static double millis(long nanos, int count) {
    return Ratios.rounded(nanos / NANOS_A_MS / count);
  }
}
