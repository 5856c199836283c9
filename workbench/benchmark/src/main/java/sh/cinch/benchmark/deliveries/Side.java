package sh.cinch.benchmark.deliveries;

import io.vertx.core.json.JsonObject;
import sh.cinch.benchmark.figures.Ratios;
import sh.cinch.benchmark.load.Round;

/** One round of one receiver. */
record Side(Round round, Cpu cpu) {

  private static final double NANOS_A_MICRO = 1000.0;

  double perSecond() {
    return round.perSecond();
  }

  double receiverMicros() {
    return each(cpu.receiver());
  }

  double hereMicros() {
    return each(cpu.here());
  }

  double postgresMicros() {
    return each(cpu.postgres());
  }

  private double each(long nanos) {
    return nanos / NANOS_A_MICRO / round.requests();
  }

  JsonObject json() {
    return new JsonObject()
        .put("perSecond", Math.round(perSecond()))
        .put("p50Ms", Ratios.rounded(round.p50()))
        .put("p99Ms", Ratios.rounded(round.p99()))
        .put("receiverMicros", Ratios.rounded(receiverMicros()))
        .put("kafkaAndRestMicros", Ratios.rounded(hereMicros()))
        .put("postgresMicros", Ratios.rounded(postgresMicros()));
  }
}
