package sh.cinch.releaseworker.releases;

import static sh.cinch.database.release_worker.Tables.RELEASE;
import static sh.cinch.database.release_worker.Tables.RELEASE_FILE;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.release_worker.tables.records.ReleaseFileRecord;
import sh.cinch.database.release_worker.tables.records.ReleaseRecord;
import sh.cinch.releaseworker.outcome.Detail;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.Shares;
import sh.cinch.schema.release.DownloadName;
import sh.cinch.schema.release.DownloadNames;
import sh.cinch.service.database.RowBatch;
import sh.cinch.service.due.DueRows;
import sh.cinch.service.due.FairClaims;
import sh.cinch.service.due.Room;
import sh.cinch.service.outbox.StoredHeaders;

/** The releases that were asked for, and their files. */
public final class Releases {

  private final InstantSource clock;
  private final DueRows<ReleaseRecord> due;
  private final FairClaims<ReleaseRecord> claims;

  public Releases(InstantSource clock) {
    this.clock = clock;
    this.due = new DueRows<>(RELEASE, RELEASE.DUE_AT, RELEASE.CLAIM, clock);
    this.claims = new FairClaims<>(due, RELEASE.REPOSITORY_ID);
  }

  /**
   * Writes a request down: due where it can be carried out, else as one that has failed.
   *
   * @return false where it was there already: then nothing changed
   */
  public boolean record(DSLContext transaction, ReceivedRelease arrival) {
    ReleaseRecord row = row(arrival);
    if (transaction.insertInto(RELEASE).set(row).onConflictDoNothing().execute() == 0
        && !again(transaction, row, arrival)) {
      return false;
    }
    transaction.deleteFrom(RELEASE_FILE).where(RELEASE_FILE.RELEASE_ID.eq(row.getId())).execute();
    RowBatch.insert(transaction, files(arrival));
    return true;
  }

  /**
   * Another round of a release that has ended, or of one of which nothing could be sent. When it
   * was first asked for stays: it orders releases, and what has been released since is newer all
   * the same.
   */
  private static boolean again(DSLContext transaction, ReleaseRecord row, ReceivedRelease arrival) {
    Condition takesItsPlace =
        arrival.isReplay()
            ? DSL.noCondition()
            // No worker has ever seen to it.
            : RELEASE.CLAIM.eq(0L).and(DSL.condition(arrival.objection().isEmpty()));
    row.touched(RELEASE.RECORDED_AT, false);
    return transaction
            .update(RELEASE)
            .set(row)
            .set(RELEASE.ROUND, RELEASE.ROUND.plus(1))
            .set(RELEASE.ATTEMPTS, 0)
            .setNull(RELEASE.WAITING_FOR)
            .set(RELEASE.WARNINGS, new String[0])
            .where(RELEASE.ID.eq(row.getId()))
            .and(RELEASE.STATE.notIn(Release.State.UNDER_WAY))
            .and(takesItsPlace)
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
    row.setState(
        (arrival.objection().isEmpty() ? Release.State.REQUESTED : Release.State.FAILED).word());
    row.setRecordPartition(arrival.record().partition());
    row.setRecordOffset(arrival.record().offset());
    row.setRecordKey(arrival.record().key());
    row.setRecordHeaders(StoredHeaders.store(arrival.record().headers()));
    row.setRecordValue(arrival.record().value());
    row.setRecordedAt(arrival.record().brokerTime());
    row.setTraceparent(arrival.trace().toString());
    row.setDueAt(arrival.objection().isEmpty() ? clock.instant() : null);
    row.setLastReason(arrival.objection().orElse(null));
    return row;
  }

  private static List<ReleaseFileRecord> files(ReceivedRelease arrival) {
    return arrival.names().map(names -> files(arrival, names)).orElse(List.of());
  }

  private static List<ReleaseFileRecord> files(ReceivedRelease arrival, DownloadNames names) {
    List<ReleaseRequest.File> asked = arrival.request().files();
    Map<String, String> sums = new TreeMap<>();
    List<ReleaseFileRecord> rows = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      DownloadName named = names.files().get(i);
      rows.add(file(arrival, i, asked.get(i), named));
      sums.put(named.name(), asked.get(i).sha256());
    }
    names
        .checksums()
        .ifPresent(name -> rows.add(checksums(arrival, rows.size(), name, Checksums.of(sums))));
    return rows;
  }

  private static ReleaseFileRecord file(
      ReceivedRelease arrival, int position, ReleaseRequest.File asked, DownloadName named) {
    ReleaseFileRecord row = row(arrival, position, asked.name(), named.name());
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
    ReleaseFileRecord row = row(arrival, position, name, name);
    row.setSize((long) checksums.bytes().length);
    row.setSha256(checksums.sha256());
    return row;
  }

  private static ReleaseFileRecord row(
      ReceivedRelease arrival, int position, String name, String downloadName) {
    ReleaseFileRecord row = new ReleaseFileRecord();
    row.setReleaseId(arrival.record().eventId());
    row.setPosition(position);
    row.setName(name);
    row.setDownloadName(downloadName);
    row.setState(
        (arrival.objection().isEmpty() ? ReleaseFile.State.OPEN : ReleaseFile.State.FAILED).word());
    row.setReason(arrival.objection().map(ReleaseFile::notSent).orElse(null));
    return row;
  }

  /** Whether one more of the repository may be asked for. */
  public boolean hasRoom(DSLContext sql, UUID repository) {
    return sql.fetchCount(
            RELEASE,
            RELEASE.REPOSITORY_ID.eq(repository).and(RELEASE.STATE.in(Release.State.UNDER_WAY)))
        < Shares.RELEASES_UNDER_WAY;
  }

  /**
   * Takes releases that are due, of each repository and credential its share.
   *
   * @param hold for how long they are nobody else's
   */
  public List<ReleaseClaim> claim(DSLContext sql, Room room, Duration hold) {
    return claims.claim(sql, room, hold).stream().map(ReleaseClaim::new).toList();
  }

  /** In the order of the request. */
  public List<ReleaseFile> files(DSLContext sql, String release) {
    return sql.selectFrom(RELEASE_FILE)
        .where(RELEASE_FILE.RELEASE_ID.eq(release))
        .orderBy(RELEASE_FILE.POSITION)
        .fetch(ReleaseFile::of);
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
   * Nobody else changes the release, and those that these files are of, until the transaction ends.
   * In one order, after the downloads, since a settlement holds a download while it waits for the
   * release: no two transactions wait for each other.
   */
  public void lock(DSLContext transaction, Release release, List<ReleaseFile> ofOthers) {
    List<String> several =
        Stream.concat(Stream.of(release.id()), ofOthers.stream().map(ReleaseFile::release))
            .toList();
    transaction
        .select(RELEASE.ID)
        .from(RELEASE)
        .where(RELEASE.ID.in(several))
        .orderBy(RELEASE.ID)
        .forUpdate()
        .execute();
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

  /**
   * How an open file stands now.
   *
   * @return false where it has ended: then nothing was written
   */
  boolean settle(DSLContext transaction, ReleaseFile file, ReleaseFile.State state, Detail detail) {
    Map<Field<?>, @Nullable Object> changes = new HashMap<>();
    changes.put(RELEASE_FILE.STATE, state.word());
    changes.put(RELEASE_FILE.REASON, detail.reason().orElse(null));
    if (file.isChecksums()) {
      // They list what all releases of the tag had delivered by then.
      changes.put(RELEASE_FILE.SIZE, file.size());
      changes.put(RELEASE_FILE.SHA256, file.sha256());
    }
    // What says nothing of requests leaves what is known of them.
    if (detail.attempts() > 0 || detail.httpStatus().isPresent()) {
      changes.put(RELEASE_FILE.ATTEMPTS, detail.attempts());
      changes.put(
          RELEASE_FILE.HTTP_STATUS,
          detail.httpStatus().isPresent() ? detail.httpStatus().getAsInt() : null);
    }
    return transaction
            .update(RELEASE_FILE)
            .set(changes)
            .where(RELEASE_FILE.RELEASE_ID.eq(file.release()))
            .and(RELEASE_FILE.POSITION.eq(file.position()))
            .and(RELEASE_FILE.STATE.eq(ReleaseFile.State.OPEN.word()))
            .execute()
        == 1;
  }

  /**
   * One of its files waits.
   *
   * @return false where it was said to wait, and a file is tried as soon as was said: of many that
   *     wait not each is news
   */
  boolean fileWaits(
      DSLContext transaction, String release, String waitingFor, Instant next, String reason) {
    return transaction
            .update(RELEASE)
            .set(RELEASE.WAITING_FOR, waitingFor)
            .set(RELEASE.LAST_REASON, reason)
            .set(RELEASE.NEXT_TRY_AT, next)
            .where(RELEASE.ID.eq(release))
            .and(
                RELEASE
                    .NEXT_TRY_AT
                    .isNull()
                    .or(RELEASE.NEXT_TRY_AT.le(clock.instant()))
                    .or(RELEASE.NEXT_TRY_AT.gt(next)))
            .execute()
        == 1;
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
