package sh.cinch.service.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sh.cinch.database.token_service.Tables.LEASE_AUDIT;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.database.token_service.tables.records.LeaseAuditRecord;
import sh.cinch.service.Backends;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.config.Environment;
import sh.cinch.service.database.Database;
import sh.cinch.service.retention.Retention.Batch;
import sh.cinch.service.retention.Retention.Kind;
import sh.cinch.testkit.ManualClock;

/** What is older than its days goes, batch by batch. */
class RetentionTest {

  private static final Duration KEPT = Duration.ofDays(90);
  private static final Batch OLD = Retention.of(LEASE_AUDIT, LEASE_AUDIT.MINUTE);

  private final Database database = Backends.context().database();
  private final ManualClock clock = new ManualClock();
  private final Instant now = clock.instant();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final Retention retention =
      new Retention(database, clock, metrics, 10, new Kind("leases", KEPT, OLD));

  @BeforeEach
  void empty() {
    database.sql().truncate(LEASE_AUDIT).execute();
  }

  @Test
  void whatIsOlderGoesInBatchesTheOldestFirst() {
    insert(now.minusSeconds(1), 10);
    insert(now.minusSeconds(2), 15);
    insert(now, 3);
    clock.advance(KEPT);

    assertThat(retention.run()).isTrue();
    assertThat(retention.run()).isTrue();
    assertThat(database.sql().fetchCount(LEASE_AUDIT, LEASE_AUDIT.MINUTE.eq(now.minusSeconds(1))))
        .isEqualTo(5);
    assertThat(count()).isEqualTo(8);
    assertThat(retention.run()).isFalse();
    assertThat(
            database
                .sql()
                .select(LEASE_AUDIT.MINUTE)
                .from(LEASE_AUDIT)
                .fetchSet(LEASE_AUDIT.MINUTE))
        .containsExactly(now);
    assertThat(deleted()).isEqualTo(25);
    clock.advance(Duration.ofMillis(1));
    assertThat(retention.run()).isFalse();
    assertThat(count()).isZero();
  }

  @Test
  void whatSomebodyIsChangingWaitsForNobody() {
    insert(now.minusSeconds(1), 12);
    clock.advance(KEPT);

    database.write(
        other -> {
          other
              .selectFrom(LEASE_AUDIT)
              .orderBy(LEASE_AUDIT.CREDENTIAL_ID)
              .limit(4)
              .forUpdate()
              .fetch();
          assertThat(retention.run()).isFalse();
        });

    assertThat(count()).isEqualTo(4);
    assertThat(retention.run()).isFalse();
    assertThat(count()).isZero();
  }

  @Test
  void instancesAtOnceDeleteEverythingOnce() throws Exception {
    insert(now.minusSeconds(1), 2_000);
    clock.advance(KEPT);

    List<Future<?>> instances = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        instances.add(threads.submit(() -> runsToItsEnd(retention)));
      }
    }
    for (Future<?> instance : instances) {
      instance.get();
    }

    runsToItsEnd(retention);
    assertThat(count()).isZero();
    assertThat(deleted()).isEqualTo(2_000);
  }

  @Test
  void fewerDaysThanRecordsMayBeOldAreRefused() {
    assertThat(Environment.read(Map.of("CINCH_STATUS_DAYS", "100"), RetentionDays.STATUSES::from))
        .isEqualTo(Duration.ofDays(100));
    assertThat(Environment.read(Map.of("CINCH_DELIVERY_DAYS", "1"), RetentionDays.DELIVERIES::from))
        .isEqualTo(Duration.ofDays(1));
    assertThatThrownBy(
            () ->
                Environment.read(
                    Map.of("CINCH_STATUS_DAYS", "99", "CINCH_RELEASE_DAYS", "many"),
                    environment ->
                        List.of(
                            RetentionDays.STATUSES.from(environment),
                            RetentionDays.RELEASES.from(environment))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            """
            2 things are wrong with the settings:
              - CINCH_STATUS_DAYS is '99': a whole number from 100 to 1000000 is expected
              - CINCH_RELEASE_DAYS is 'many': a whole number from 100 to 1000000 is expected\
            """);
  }

  private static void runsToItsEnd(Retention retention) {
    boolean more = true;
    while (more) {
      more = retention.run();
    }
  }

  private void insert(Instant minute, int rows) {
    database
        .sql()
        .batchInsert(
            IntStream.range(0, rows)
                .mapToObj(i -> new LeaseAuditRecord(UUID.randomUUID(), "ingress", minute, 1))
                .toList())
        .execute();
  }

  private int count() {
    return database.sql().fetchCount(LEASE_AUDIT);
  }

  private double deleted() {
    return metrics.get("cinch.retention.deleted").tag("what", "leases").counter().count();
  }
}
