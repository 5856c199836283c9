package sh.cinch.releaseworker.releases;

import static sh.cinch.database.release_worker.Tables.RELEASE;
import static sh.cinch.database.release_worker.Tables.RELEASE_FILE;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.database.release_worker.tables.records.ReleaseFileRecord;
import sh.cinch.database.release_worker.tables.records.ReleaseRecord;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.release.DownloadName;
import sh.cinch.service.due.DueRows;
import sh.cinch.service.outbox.StoredHeaders;

/** The releases that were asked for, and their files. */
public final class Releases {

  private final InstantSource clock;
  private final DueRows<ReleaseRecord> due;

  public Releases(InstantSource clock) {
    this.clock = clock;
    this.due = new DueRows<>(RELEASE, RELEASE.DUE_AT, RELEASE.CLAIM, clock);
  }

  /**
   * Writes a request down, and makes it due.
   *
   * @return false where it was there already: then nothing changed
   */
  public boolean record(DSLContext transaction, ReceivedRelease arrival) {
    ReleaseRecord row = row(arrival);
    if (transaction.insertInto(RELEASE).set(row).onConflictDoNothing().execute() == 0
        && !(arrival.isReplay() && again(transaction, row))) {
      return false;
    }
    transaction.deleteFrom(RELEASE_FILE).where(RELEASE_FILE.RELEASE_ID.eq(row.getId())).execute();
    transaction.batchInsert(files(arrival)).execute();
    return true;
  }

  /**
   * Another round of a release that has ended. When it was first asked for stays: it orders
   * releases, and what has been released since is newer all the same.
   */
  private boolean again(DSLContext transaction, ReleaseRecord row) {
    row.touched(RELEASE.RECORDED_AT, false);
    return transaction
            .update(RELEASE)
            .set(row)
            .set(RELEASE.ROUND, RELEASE.ROUND.plus(1))
            .set(RELEASE.ATTEMPTS, 0)
            .setNull(RELEASE.WAITING_FOR)
            .setNull(RELEASE.LAST_REASON)
            .where(RELEASE.ID.eq(row.getId()))
            .and(RELEASE.STATE.notIn(Release.State.REQUESTED.word(), Release.State.SENDING.word()))
            .and(
                RELEASE
                    .RECORD_PARTITION
                    .ne(row.getRecordPartition())
                    .or(RELEASE.RECORD_OFFSET.ne(row.getRecordOffset())))
            .execute()
        == 1;
  }

  private ReleaseRecord row(ReceivedRelease arrival) {
    ReleaseRecord row = new ReleaseRecord();
    row.setId(arrival.record().eventId());
    row.setRepositoryId(arrival.repository().id());
    row.setTag(arrival.request().tag());
    row.setCommitHash(arrival.request().commit());
    row.setState(Release.State.REQUESTED.word());
    row.setRecordPartition(arrival.record().partition());
    row.setRecordOffset(arrival.record().offset());
    row.setRecordKey(arrival.record().key());
    row.setRecordHeaders(StoredHeaders.store(arrival.record().headers()));
    row.setRecordValue(arrival.record().value());
    row.setRecordedAt(arrival.record().brokerTime());
    row.setTraceparent(arrival.trace().toString());
    row.setDueAt(clock.instant());
    return row;
  }

  private static List<ReleaseFileRecord> files(ReceivedRelease arrival) {
    List<ReleaseRequest.File> asked = arrival.request().files();
    Map<String, String> sums = new TreeMap<>();
    List<ReleaseFileRecord> rows = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      DownloadName named = arrival.names().files().get(i);
      rows.add(file(arrival, i, asked.get(i), named));
      sums.put(named.name(), asked.get(i).sha256());
    }
    arrival
        .names()
        .checksums()
        .ifPresent(name -> rows.add(checksums(arrival, rows.size(), name, Checksums.of(sums))));
    return rows;
  }

  private static ReleaseFileRecord file(
      ReceivedRelease arrival, int position, ReleaseRequest.File asked, DownloadName named) {
    ReleaseFileRecord row = open(arrival, position, asked.name(), named.name());
    row.setSource(asked.source());
    row.setSize(asked.size());
    row.setSha256(asked.sha256());
    if (named.altered()) {
      row.setWarnings(
          new String[] {
            "it is called %s on Bitbucket: other characters are not safe in a download's name"
                .formatted(named.name())
          });
    }
    return row;
  }

  private static ReleaseFileRecord checksums(
      ReceivedRelease arrival, int position, String name, Checksums checksums) {
    ReleaseFileRecord row = open(arrival, position, name, name);
    row.setSize((long) checksums.bytes().length);
    row.setSha256(checksums.sha256());
    return row;
  }

  private static ReleaseFileRecord open(
      ReceivedRelease arrival, int position, String name, String downloadName) {
    ReleaseFileRecord row = new ReleaseFileRecord();
    row.setReleaseId(arrival.record().eventId());
    row.setPosition(position);
    row.setName(name);
    row.setDownloadName(downloadName);
    row.setState(ReleaseFile.State.OPEN.word());
    return row;
  }

  /**
   * Takes up to {@code limit} releases that are due, the longest due first.
   *
   * @param hold for how long they are nobody else's
   */
  public List<ReleaseClaim> claim(DSLContext sql, int limit, Duration hold) {
    return due.claim(sql, DSL.noCondition(), limit, hold).stream().map(ReleaseClaim::new).toList();
  }

  /** In the order of the request. */
  public List<ReleaseFile> files(DSLContext sql, String release) {
    return sql.selectFrom(RELEASE_FILE)
        .where(RELEASE_FILE.RELEASE_ID.eq(release))
        .orderBy(RELEASE_FILE.POSITION)
        .fetch(ReleaseFile::of);
  }

  public Checksums checksums(DSLContext sql, String release) {
    return Checksums.of(files(sql, release));
  }

  public Release find(DSLContext sql, String release) {
    return Release.of(sql.selectFrom(RELEASE).where(RELEASE.ID.eq(release)).fetchSingle());
  }

  /** The same, and nobody else changes it until the transaction ends. */
  Release lock(DSLContext transaction, String release) {
    return Release.of(
        transaction.selectFrom(RELEASE).where(RELEASE.ID.eq(release)).forUpdate().fetchSingle());
  }

  /**
   * Its files are on their way.
   *
   * @return false where somebody else has the release now: then nothing was written
   */
  public boolean sending(DSLContext transaction, ReleaseClaim claim, List<String> warnings) {
    return due.settle(
        transaction,
        claim.row(),
        Map.of(
            RELEASE.STATE,
            Release.State.SENDING.word(),
            RELEASE.WARNINGS,
            warnings.toArray(String[]::new),
            RELEASE.ATTEMPTS,
            0),
        null);
  }

  /**
   * To be prepared again.
   *
   * @param waitingFor the kind of reason, one of a closed set
   * @return false where somebody else has the release now: then nothing was written
   */
  public boolean later(
      DSLContext transaction, ReleaseClaim claim, Instant next, String waitingFor, String reason) {
    return due.settle(
        transaction,
        claim.row(),
        Map.of(
            RELEASE.ATTEMPTS,
            claim.release().attempts() + 1,
            RELEASE.WAITING_FOR,
            waitingFor,
            RELEASE.LAST_REASON,
            reason),
        next);
  }

  /**
   * It will not be looked at again unless something makes it due.
   *
   * @return false where somebody else has the release now: then nothing was written
   */
  public boolean done(DSLContext transaction, ReleaseClaim claim) {
    return due.settle(transaction, claim.row(), Map.of(), null);
  }

  void end(DSLContext transaction, String release, Release.State state, Optional<String> reason) {
    transaction
        .update(RELEASE)
        .set(RELEASE.STATE, state.word())
        .set(RELEASE.LAST_REASON, reason.orElse(null))
        .setNull(RELEASE.DUE_AT)
        .where(RELEASE.ID.eq(release))
        .execute();
  }

  /** What is left to be done for it can be done now. */
  void wake(DSLContext transaction, String release) {
    transaction
        .update(RELEASE)
        .set(RELEASE.DUE_AT, clock.instant())
        .where(RELEASE.ID.eq(release))
        .and(RELEASE.DUE_AT.isNull())
        .execute();
  }

  void endFile(
      DSLContext transaction, ReleaseFile file, ReleaseFile.State state, Optional<String> reason) {
    transaction
        .update(RELEASE_FILE)
        .set(RELEASE_FILE.STATE, state.word())
        .set(RELEASE_FILE.REASON, reason.orElse(null))
        .where(RELEASE_FILE.RELEASE_ID.eq(file.release()))
        .and(RELEASE_FILE.POSITION.eq(file.position()))
        .execute();
  }

  /** The file as it is with these warnings. */
  public ReleaseFile warn(DSLContext transaction, ReleaseFile file, List<String> warnings) {
    return ReleaseFile.of(
        transaction
            .update(RELEASE_FILE)
            .set(RELEASE_FILE.WARNINGS, warnings.toArray(String[]::new))
            .where(RELEASE_FILE.RELEASE_ID.eq(file.release()))
            .and(RELEASE_FILE.POSITION.eq(file.position()))
            .returning()
            .fetchSingle());
  }
}
