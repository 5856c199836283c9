package sh.cinch.ingress.lifecycle;

import sh.cinch.service.Running;
import sh.cinch.service.health.Checked;
import sh.cinch.service.health.Health;

/** The parts that run by themselves: the first started is the last to stop, readiness their sum. */
public record Lifecycle(Running running, Health health) {

  /**
   * @param name under which it is said to be unwell
   */
  public <T extends Checked & AutoCloseable> T with(String name, T part) {
    health.with(name, part);
    return running.with(part);
  }
}
