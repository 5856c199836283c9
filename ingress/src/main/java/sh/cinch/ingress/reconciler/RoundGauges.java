package sh.cinch.ingress.reconciler;

import static sh.cinch.database.ingress.Tables.MISSED_PUSH;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jooq.Field;
import org.jooq.impl.DSL;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;

/** How far the reconciler is, asked of the database now and then. */
final class RoundGauges implements Step {

  static final Duration EVERY = Duration.ofMinutes(1);

  private final Database database;
  private final InstantSource clock;
  private volatile int waiting;
  private volatile Duration oldest = Duration.ZERO;
  private volatile Duration round = Duration.ZERO;

  RoundGauges(Database database, InstantSource clock, MeterRegistry metrics) {
    this.database = database;
    this.clock = clock;
    Gauge.builder("cinch.reconciler.waiting", () -> waiting)
        .description("Heads that differ from what was published, and are to be looked at again")
        .register(metrics);
    TimeGauge.builder("cinch.reconciler.oldest.look", () -> oldest.toSeconds(), TimeUnit.SECONDS)
        .description("How long ago the repository was looked at that waits longest")
        .register(metrics);
    TimeGauge.builder("cinch.reconciler.round", () -> round.toSeconds(), TimeUnit.SECONDS)
        .description("Between two looks at the same repository, of the one that waits longest")
        .register(metrics);
  }

  @Override
  public boolean run() {
    waiting = database.sql().fetchCount(MISSED_PUSH, MISSED_PUSH.PUBLISHED_AT.isNull());
    Field<Instant> first = DSL.min(REPOSITORY.HEADS_LOOKED_AT);
    Field<Long> longest =
        DSL.field(
            "extract(epoch from max({0} - {1}))::bigint",
            Long.class, REPOSITORY.HEADS_DUE_AT, REPOSITORY.HEADS_LOOKED_AT);
    database
        .sql()
        .select(first, longest)
        .from(REPOSITORY)
        .where(REPOSITORY.STATE.eq(Connection.State.CONNECTED.word()))
        .fetchOptional()
        .ifPresent(
            row -> {
              oldest =
                  Optional.ofNullable(row.get(first))
                      .map(at -> Duration.between(at, clock.instant()))
                      .orElse(Duration.ZERO);
              round =
                  Optional.ofNullable(row.get(longest))
                      .map(Duration::ofSeconds)
                      .orElse(Duration.ZERO);
            });
    return false;
  }
}
