package sh.cinch.statusworker.outcome;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.outbox.Outbox;

/** Tells what became of a report: in the outbox, the metrics and the log. */
public final class Outcomes {

  private static final Logger log = LoggerFactory.getLogger(Outcomes.class);
  private static final URI SOURCE = URI.create("/cinch/status-worker");

  private final Outbox outbox;
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final Timer latency;

  public Outcomes(Outbox outbox, MeterRegistry metrics, InstantSource clock) {
    this.outbox = outbox;
    this.clock = clock;
    this.metrics = metrics;
    this.latency =
        Timer.builder("cinch.status.latency")
            .description("From the record on the topic to Bitbucket's answer")
            .publishPercentileHistogram()
            .register(metrics);
  }

  public void tell(DSLContext transaction, Subject subject, Result result, Detail detail) {
    detail.took().ifPresent(latency::record);
    Instant now = clock.instant();
    BuildState build = subject.build();
    Outcome outcome =
        new Outcome(
            Outcome.Kind.STATUS,
            subject.repository(),
            build.commit(),
            build.key(),
            null,
            null,
            result,
            detail.httpStatus().isPresent() ? detail.httpStatus().getAsInt() : null,
            detail.attempts(),
            detail.reason().orElse(null),
            detail.took().map(Duration::toMillis).orElse(null),
            detail.warnings(),
            subject.ref(),
            build.number(),
            subject.shownKey(),
            subject.origin().deliveryId(),
            subject.origin().pushId(),
            detail.requests(),
            subject.eventId(),
            now);
    outbox.add(
        transaction,
        new Event<>(
            Topic.OUTCOME,
            subject.repository().id().toString(),
            id(subject, result, outcome),
            SOURCE,
            build.commit(),
            now,
            subject.trace().child(),
            outcome));
    String word = result.name().toLowerCase(Locale.ROOT);
    metrics.counter("cinch.status.outcomes", "result", word).increment();
    log.info(
        "outcome={} repository={} commit={} event={} http={} attempts={} latencyMs={}"
            + " reason=\"{}\"",
        word,
        subject.repository().fullName(),
        build.commit(),
        subject.eventId(),
        outcome.httpStatus(),
        outcome.attempts(),
        outcome.latencyMs(),
        Objects.requireNonNullElse(outcome.reason(), ""));
  }

  /** The same for the same thing that happened, should a batch be recorded twice. */
  private static String id(Subject subject, Result result, Outcome outcome) {
    String what =
        String.join(
            "\n",
            subject.repository().id().toString(),
            subject.build().commit(),
            subject.build().key(),
            subject.eventId(),
            String.valueOf(subject.version()),
            result.name(),
            String.valueOf(outcome.reason()));
    return UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
