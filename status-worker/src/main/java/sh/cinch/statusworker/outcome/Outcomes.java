package sh.cinch.statusworker.outcome;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

  /**
   * @param took from the record's arrival on the topic to Bitbucket's answer
   */
  public void delivered(
      DSLContext transaction,
      Subject subject,
      int httpStatus,
      int attempts,
      Duration took,
      List<String> warnings) {
    latency.record(took);
    add(
        transaction,
        subject,
        Result.DELIVERED,
        new Detail(OptionalInt.of(httpStatus), attempts, null, took.toMillis(), warnings));
  }

  public void superseded(DSLContext transaction, Subject subject, String reason) {
    add(transaction, subject, Result.SUPERSEDED, Detail.unsent(reason));
  }

  /** It is tried again; told once for each thing it waits for. */
  public void waiting(
      DSLContext transaction,
      Subject subject,
      OptionalInt httpStatus,
      int attempts,
      String reason) {
    add(
        transaction,
        subject,
        Result.WAITING,
        new Detail(httpStatus, attempts, reason, null, List.of()));
  }

  public void failed(
      DSLContext transaction,
      Subject subject,
      OptionalInt httpStatus,
      int attempts,
      String reason) {
    add(
        transaction,
        subject,
        Result.FAILED,
        new Detail(httpStatus, attempts, reason, null, List.of()));
  }

  /** What only some outcomes have. */
  private record Detail(
      OptionalInt httpStatus,
      int attempts,
      @Nullable String reason,
      @Nullable Long latencyMs,
      List<String> warnings) {

    static Detail unsent(String reason) {
      return new Detail(OptionalInt.empty(), 0, reason, null, List.of());
    }
  }

  private void add(DSLContext transaction, Subject subject, Result result, Detail detail) {
    Instant now = clock.instant();
    Outcome outcome =
        new Outcome(
            Outcome.Kind.STATUS,
            subject.repository(),
            subject.commit(),
            subject.key(),
            null,
            null,
            result,
            detail.httpStatus().isPresent() ? detail.httpStatus().getAsInt() : null,
            detail.attempts(),
            detail.reason(),
            detail.latencyMs(),
            detail.warnings(),
            null,
            null,
            null,
            null,
            null,
            List.of(),
            subject.eventId(),
            now);
    outbox.add(
        transaction,
        new Event<>(
            Topic.OUTCOME,
            subject.repository().id().toString(),
            id(subject, result, detail),
            SOURCE,
            subject.commit(),
            now,
            subject.trace().child(),
            outcome));
    metrics
        .counter("cinch.status.outcomes", "result", result.name().toLowerCase(Locale.ROOT))
        .increment();
    log.info(
        "outcome={} repository={} commit={} event={} http={} attempts={} latencyMs={}"
            + " reason=\"{}\"",
        result.name().toLowerCase(Locale.ROOT),
        subject.repository().fullName(),
        subject.commit(),
        subject.eventId(),
        outcome.httpStatus(),
        outcome.attempts(),
        outcome.latencyMs(),
        Objects.requireNonNullElse(outcome.reason(), ""));
  }

  /** The same for the same thing that happened, should a batch be recorded twice. */
  private static String id(Subject subject, Result result, Detail detail) {
    String what =
        String.join(
            "\n",
            subject.repository().id().toString(),
            subject.commit(),
            subject.key(),
            subject.eventId(),
            String.valueOf(subject.version()),
            result.name(),
            String.valueOf(detail.reason()));
    return UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
