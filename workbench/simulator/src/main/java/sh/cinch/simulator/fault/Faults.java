package sh.cinch.simulator.fault;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Exchange;
import sh.cinch.simulator.http.Interference;

/** The faults that are set. The oldest that fits a call strikes it, and only that one. */
public final class Faults implements Interference {
  private final InstantSource clock;
  private final List<FaultRule> rules = new ArrayList<>();

  public Faults(InstantSource clock) {
    this.clock = clock;
  }

  public synchronized void add(FaultRule rule) {
    rules.add(rule);
  }

  public synchronized void clear() {
    rules.clear();
  }

  /** Those that may strike yet. */
  public synchronized List<FaultRule> armed() {
    Instant now = clock.instant();
    return rules.stream().filter(rule -> !rule.isOver(now)).toList();
  }

  @Override
  public void come(Exchange exchange) {
    strike(exchange.call())
        .ifPresentOrElse(fault -> spoil(exchange, fault), () -> exchange.send(exchange.answer()));
  }

  private synchronized Optional<Fault> strike(Call call) {
    Instant now = clock.instant();
    rules.removeIf(rule -> rule.isOver(now));
    for (int i = 0; i < rules.size(); i++) {
      FaultRule rule = rules.get(i);
      if (rule.strikes(call, now)) {
        rules.set(i, rule.struck());
        return Optional.of(rule.fault());
      }
    }
    return Optional.empty();
  }

  private static void spoil(Exchange exchange, Fault fault) {
    switch (fault) {
      case Fault.Latency(var wait) -> exchange.after(wait, () -> exchange.send(exchange.answer()));
      case Fault.Status(var reply) -> exchange.send(reply);
      case Fault.Reset() -> exchange.cut();
      case Fault.LostResponse() -> {
        exchange.answer();
        exchange.cut();
      }
      case Fault.LateEffect(var wait) ->
          exchange.after(
              wait,
              () -> {
                exchange.answer();
                exchange.cut();
              });
      case Fault.Garbage(var body) ->
          exchange.send(exchange.answer().withBody(Buffer.buffer(body)));
    }
  }
}
