package sh.cinch.benchmark.deliveries;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What the processor spent, in nanoseconds.
 *
 * @param receiver the process that answers, where it is one of its own
 * @param here in this JVM: Kafka, the token-service, the status-worker and an ingress
 */
record Cpu(long receiver, long here, long postgres) {

  static Cpu now(ProcessHandle receiver, ProcessHandle postgres) {
    return new Cpu(
        nanos(receiver),
        nanos(ProcessHandle.current()),
        Stream.concat(Stream.of(postgres), postgres.descendants()).mapToLong(Cpu::nanos).sum());
  }

  /** The same where this JVM answers. */
  static Cpu now(ProcessHandle postgres) {
    Cpu cpu = now(ProcessHandle.current(), postgres);
    return new Cpu(0, cpu.here, cpu.postgres);
  }

  private static long nanos(ProcessHandle process) {
    if (process.equals(ProcessHandle.current())
        && ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system) {
      return system.getProcessCpuTime();
    }
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  Cpu since(Cpu before) {
    return new Cpu(receiver - before.receiver, here - before.here, postgres - before.postgres);
  }
}
