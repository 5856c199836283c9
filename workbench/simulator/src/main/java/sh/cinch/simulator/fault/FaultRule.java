package sh.cinch.simulator.fault;

import java.time.Instant;
import java.util.Optional;
import sh.cinch.simulator.http.Call;

/**
 * When a fault strikes.
 *
 * @param method any where absent
 * @param times how many calls more; any number where absent
 * @param until forever where absent
 */
public record FaultRule(
    Optional<String> method,
    Glob path,
    Fault fault,
    Optional<Integer> times,
    Optional<Instant> until) {

  boolean strikes(Call call, Instant now) {
    return method.map(only -> only.equalsIgnoreCase(call.method())).orElse(true)
        && path.test(call.path())
        && !isOver(now);
  }

  boolean isOver(Instant now) {
    return times.map(left -> left <= 0).orElse(false)
        || until.map(end -> !now.isBefore(end)).orElse(false);
  }

  FaultRule struck() {
    return new FaultRule(method, path, fault, times.map(left -> left - 1), until);
  }
}
