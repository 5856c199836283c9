package sh.cinch.releaseworker.outcome;

import static sh.cinch.service.text.EnumWord.word;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.Outcome.Kind;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.outbox.Outbox;

/** Tells what became of a release and of each of its files: in the outbox, metrics and the log. */
public final class Outcomes {

  private static final Logger log = LoggerFactory.getLogger(Outcomes.class);
  public static final URI SOURCE = URI.create("/cinch/release-worker");

  private final Outbox outbox;
  private final InstantSource clock;
  private final MeterRegistry metrics;

  public Outcomes(Outbox outbox, MeterRegistry metrics, InstantSource clock) {
    this.outbox = outbox;
    this.clock = clock;
    this.metrics = metrics;
  }

  public void release(DSLContext transaction, Subject subject, Result result, Detail detail) {
    add(transaction, subject, Kind.RELEASE, null, result, detail);
  }

  /**
   * @param file its name in the request
   */
  public void file(
      DSLContext transaction, Subject subject, String file, Result result, Detail detail) {
    add(transaction, subject, Kind.RELEASE_FILE, file, result, detail);
  }

  private void add(
      DSLContext transaction,
      Subject subject,
      Kind kind,
      @Nullable String file,
      Result result,
      Detail detail) {
    Instant now = clock.instant();
    Outcome outcome =
        new Outcome(
            kind,
            subject.repository(),
            subject.commit(),
            null,
            subject.tag(),
            file,
            result,
            detail.httpStatus().isPresent() ? detail.httpStatus().getAsInt() : null,
            detail.attempts(),
            detail.reason().orElse(null),
            detail.took().map(Duration::toMillis).orElse(null),
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
            id(subject, outcome),
            SOURCE,
            subject.tag(),
            now,
            subject.trace().child(),
            outcome));
    count(kind, result, detail.took());
    log.info(
        "outcome={} kind={} repository={} tag={} file={} event={} http={} attempts={}"
            + " latencyMs={} reason=\"{}\"",
        word(result),
        word(kind),
        subject.repository().fullName(),
        subject.tag(),
        file,
        subject.eventId(),
        outcome.httpStatus(),
        outcome.attempts(),
        outcome.latencyMs(),
        Objects.requireNonNullElse(outcome.reason(), ""));
  }

  private void count(Kind kind, Result result, Optional<Duration> took) {
    metrics
        .counter("cinch.release.outcomes", "kind", word(kind), "result", word(result))
        .increment();
    took.ifPresent(
        span ->
            Timer.builder("cinch.release.latency")
                .description("From the record on the topic to its end on Bitbucket")
                .tag("kind", word(kind))
                .register(metrics)
                .record(span));
  }

  /** The same for the same thing that happened, should a batch be recorded twice. */
  private static String id(Subject subject, Outcome outcome) {
    String what =
        String.join(
            "\n",
            subject.repository().id().toString(),
            subject.eventId(),
            String.valueOf(subject.round()),
            outcome.kind().name(),
            String.valueOf(outcome.file()),
            outcome.result().name(),
            String.valueOf(outcome.reason()));
    return UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
