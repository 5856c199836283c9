package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.BUILD_REPORT;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Given;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.StoredHeaders;

/** The reports of one key as they lie in the database; used by whoever holds their statuses. */
record ReportedStates(DSLContext sql, CommitKey key) {

  /**
   * @return those that were not there already
   */
  static Set<ReportId> add(DSLContext sql, List<ReceivedBuildState> arrivals) {
    return arrivals.isEmpty()
        ? Set.of()
        : sql.insertInto(BUILD_REPORT)
            .set(arrivals.stream().map(ReportedStates::row).toList())
            .onConflictDoNothing()
            .returning(
                BUILD_REPORT.REPOSITORY_ID,
                BUILD_REPORT.COMMIT_HASH,
                BUILD_REPORT.STATUS_KEY,
                BUILD_REPORT.EVENT_ID)
            .fetchSet(ReportId::of);
  }

  /**
   * Puts a replayed record into the place of the one it replays. When that was reported stays, or a
   * clock that ran ahead would be ahead again.
   *
   * @return false where this very replay was recorded before
   */
  boolean replace(ReceivedBuildState arrival) {
    BuildReportRecord row = row(arrival);
    row.touched(BUILD_REPORT.OCCURRED_AT, false);
    row.setSettled(false);
    row.setRetired(false);
    return sql.update(BUILD_REPORT)
            .set(row)
            .where(one(arrival.record().eventId()))
            .and(
                BUILD_REPORT
                    .RECORD_PARTITION
                    .ne(arrival.record().partition())
                    .or(BUILD_REPORT.RECORD_OFFSET.ne(arrival.record().offset())))
            .execute()
        == 1;
  }

  /** The reports that some statuses want. */
  static Map<ReportId, BuildReportRecord> wantedBy(
      DSLContext sql, Collection<StatusRecord> statuses) {
    Given<ReportId> given = ReportId.given(statuses.stream().map(ReportId::wantedBy).toList());
    return sql
        .select(BUILD_REPORT.fields())
        .from(given.table())
        .join(BUILD_REPORT)
        .on(ReportId.rows(given))
        .fetchInto(BUILD_REPORT)
        .stream()
        .collect(Collectors.toMap(ReportId::of, Function.identity(), (one, same) -> one));
  }

  /** All that may still be wanted. */
  static Map<CommitKey, List<BuildReportRecord>> contending(
      DSLContext sql, Collection<CommitKey> keys) {
    Given<CommitKey> given =
        new Given<>(keys)
            .with(BUILD_REPORT.REPOSITORY_ID, CommitKey::repository)
            .with(BUILD_REPORT.COMMIT_HASH, CommitKey::commit)
            .with(BUILD_REPORT.STATUS_KEY, CommitKey::key);
    return sql
        .select(BUILD_REPORT.fields())
        .from(given.table())
        .join(BUILD_REPORT)
        .on(given.is(BUILD_REPORT.REPOSITORY_ID, BUILD_REPORT.COMMIT_HASH, BUILD_REPORT.STATUS_KEY))
        .and(BUILD_REPORT.RETIRED.isFalse())
        .fetchInto(BUILD_REPORT)
        .stream()
        .collect(Collectors.groupingBy(row -> ReportId.of(row).key()));
  }

  /**
   * All that tell which status a report without a ref is of: of the contending ones alone only
   * where none could be of another ref's.
   */
  List<ReportedState> telling(List<BuildReportRecord> contending) {
    List<ReportedState> known = contending.stream().map(ReportedStates::report).toList();
    boolean isMixed =
        known.stream().anyMatch(StatusRefs::namesRef)
            && !known.stream().allMatch(StatusRefs::namesRef);
    return isMixed
        ? sql.selectFrom(BUILD_REPORT).where(key.reports()).fetch(ReportedStates::report)
        : known;
  }

  BuildReportRecord find(String event) {
    return sql.selectFrom(BUILD_REPORT).where(one(event)).fetchSingle();
  }

  /**
   * An outcome tells of it.
   *
   * @return false where one had told of it before
   */
  boolean settle(String event) {
    return sql.update(BUILD_REPORT)
            .set(BUILD_REPORT.SETTLED, true)
            .where(one(event))
            .and(BUILD_REPORT.SETTLED.isFalse())
            .execute()
        == 1;
  }

  /**
   * Outcomes tell of them.
   *
   * @return those of which none had told before
   */
  static Set<ReportId> settle(DSLContext sql, Collection<ReportId> reports) {
    Given<ReportId> given = ReportId.given(reports);
    return reports.isEmpty()
        ? Set.of()
        : sql.update(BUILD_REPORT)
            .set(BUILD_REPORT.SETTLED, true)
            .from(given.table())
            .where(ReportId.rows(given))
            .and(BUILD_REPORT.SETTLED.isFalse())
            .returning(
                BUILD_REPORT.REPOSITORY_ID,
                BUILD_REPORT.COMMIT_HASH,
                BUILD_REPORT.STATUS_KEY,
                BUILD_REPORT.EVENT_ID)
            .fetchSet(ReportId::of);
  }

  /** It is wanted (again): an outcome is to be told. */
  void unsettle(String event) {
    sql.update(BUILD_REPORT).set(BUILD_REPORT.SETTLED, false).where(one(event)).execute();
  }

  /** They cannot be wanted any more: what they said is dropped, that they came is not. */
  static void retire(DSLContext sql, Collection<ReportId> reports) {
    if (!reports.isEmpty()) {
      Given<ReportId> given = ReportId.given(reports);
      sql.update(BUILD_REPORT)
          .set(BUILD_REPORT.RETIRED, true)
          .setNull(BUILD_REPORT.RECORD_KEY)
          .setNull(BUILD_REPORT.RECORD_HEADERS)
          .setNull(BUILD_REPORT.RECORD_VALUE)
          .from(given.table())
          .where(ReportId.rows(given))
          .execute();
    }
  }

  static ReportedState report(BuildReportRecord row) {
    return new ReportedState(
        row.getEventId(),
        row.getRef(),
        row.getNumber(),
        row.getSequence(),
        row.getOccurredAt(),
        row.getFinal(),
        row.getRecordPartition(),
        row.getRecordOffset());
  }

  /** What the record says. */
  static BuildState build(BuildReportRecord row) {
    return switch (EventJson.readKept(row.getRecordValue())) {
      case Reading.Good<BuildState>(BuildState build) -> build;
      case Reading.Bad<BuildState>(String reason) ->
          throw new IllegalStateException("what was recorded is no build state: " + reason);
    };
  }

  /** The record as it came. */
  static Incoming incoming(BuildReportRecord row) {
    return Incoming.kept(
        Topic.BUILD_STATE,
        row.getRecordPartition(),
        row.getRecordOffset(),
        row.getRecordedAt(),
        row.getRecordKey(),
        row.getRecordValue(),
        StoredHeaders.load(row.getRecordHeaders()));
  }

  private static BuildReportRecord row(ReceivedBuildState arrival) {
    ReportedState report = arrival.report();
    BuildReportRecord row = new BuildReportRecord();
    row.setRepositoryId(arrival.key().repository());
    row.setCommitHash(arrival.key().commit());
    row.setStatusKey(arrival.key().key());
    row.setEventId(report.eventId());
    row.setRef(report.ref());
    row.setNumber(report.number());
    row.setSequence(report.sequence());
    row.setOccurredAt(report.occurredAt());
    row.setFinal(report.isFinal());
    row.setRecordPartition(report.partition());
    row.setRecordOffset(report.offset());
    row.setRecordedAt(arrival.record().brokerTime());
    row.setTraceparent(arrival.trace().toString());
    row.setRecordKey(arrival.record().key());
    row.setRecordHeaders(StoredHeaders.store(arrival.record().headers()));
    row.setRecordValue(arrival.record().value());
    return row;
  }

  private Condition one(String event) {
    return key.reports().and(BUILD_REPORT.EVENT_ID.eq(event));
  }
}
