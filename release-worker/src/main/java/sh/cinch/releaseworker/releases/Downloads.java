package sh.cinch.releaseworker.releases;

import static org.jooq.impl.DSL.row;
import static sh.cinch.database.release_worker.Tables.DOWNLOAD;
import static sh.cinch.database.release_worker.Tables.RELEASE;
import static sh.cinch.database.release_worker.Tables.RELEASE_FILE;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.release_worker.tables.records.DownloadRecord;
import sh.cinch.forge.ForgeDownloads.Listed;
import sh.cinch.service.due.ClaimState;
import sh.cinch.service.due.DueRows;
import sh.cinch.service.due.FairClaims;
import sh.cinch.service.due.Room;

/**
 * The downloads: each name in a repository's is a row, so that whatever was asked for, by whichever
 * release, one file at a time is sent under it, and the newest release has it in the end.
 */
public final class Downloads {

  private final InstantSource clock;
  private final DueRows<DownloadRecord> due;
  private final FairClaims<DownloadRecord> claims;

  public Downloads(InstantSource clock) {
    this.clock = clock;
    this.due = new DueRows<>(DOWNLOAD, DOWNLOAD.DUE_AT, DOWNLOAD.CLAIM, clock);
    this.claims = new FairClaims<>(due, DOWNLOAD.REPOSITORY_ID);
  }

  /**
   * A file is desired. Always asked in the order of the names, so that no two releases wait for
   * each other.
   *
   * @param there what the forge lists under its name
   */
  public DownloadDecision want(
      DSLContext transaction, Release release, ReleaseFile file, Optional<Listed> there) {
    Download download = new Download(release.repository(), file.downloadName());
    DownloadRecord row = lock(transaction, download, file);
    boolean isShared =
        file.isChecksums() && TagChecksums.shares(transaction, row.getReleaseId(), release);
    if (!isShared && isNewer(transaction, row.getReleaseId(), release.id())) {
      return new DownloadDecision.Overtaken();
    }
    List<ReleaseFile> displaced =
        file.isChecksums()
            ? TagChecksums.strangers(transaction, release, file)
            : displaced(transaction, row, file);
    boolean same =
        row.getBegunSha256() == null
            && file.sha256().equals(row.getSentSha256())
            && there.filter(listed -> maySizeBe(listed, file.size())).isPresent();
    row.setReleaseId(file.release());
    row.setPosition(file.position());
    row.setVersion(row.getVersion() + 1);
    row.setAttempts(0);
    row.setWaitingFor(null);
    row.setLastReason(null);
    row.setDoomed(null);
    if (row.getBegunSha256() == null) {
      row.setBeforeSize(there.map(Downloads::size).orElse(null));
      row.setBeforeMadeAt(there.flatMap(Listed::madeAt).orElse(null));
    }
    if (same) {
      // Whoever has it finds that it has lost it.
      row.setClaim(row.getClaim() + 1);
      row.setDueAt(null);
    } else if (row.getDueAt() == null) {
      row.setDueAt(clock.instant());
    }
    row.update();
    return same
        ? new DownloadDecision.AlreadyThere(displaced)
        : new DownloadDecision.Due(displaced);
  }

  /** The forge says nothing else than that these bytes are there. */
  private static boolean maySizeBe(Listed listed, long bytes) {
    return listed.size().isEmpty() || listed.size().getAsLong() == bytes;
  }

  private static Long size(Listed listed) {
    return listed.size().orElse(DownloadState.UNKNOWN);
  }

  /** One statement that makes the row if need be, and locks it either way. */
  private static DownloadRecord lock(DSLContext transaction, Download download, ReleaseFile file) {
    return transaction
        .insertInto(DOWNLOAD)
        .set(DOWNLOAD.REPOSITORY_ID, download.repository())
        .set(DOWNLOAD.NAME, download.name())
        .set(DOWNLOAD.RELEASE_ID, file.release())
        .set(DOWNLOAD.POSITION, file.position())
        .set(DOWNLOAD.VERSION, 0L)
        .onConflict(DOWNLOAD.getPrimaryKey().getFields())
        .doUpdate()
        .set(DOWNLOAD.VERSION, DOWNLOAD.VERSION)
        .returning()
        .fetchSingle();
  }

  private static boolean isNewer(DSLContext transaction, String other, String release) {
    var ours = RELEASE.as("ours");
    return transaction.fetchExists(
        RELEASE.join(ours).on(ours.ID.eq(release)),
        RELEASE
            .ID
            .eq(other)
            .and(
                row(RELEASE.RECORDED_AT, RELEASE.RECORD_OFFSET)
                    .gt(row(ours.RECORDED_AT, ours.RECORD_OFFSET))));
  }

  private static List<ReleaseFile> displaced(
      DSLContext transaction, DownloadRecord row, ReleaseFile file) {
    return row.getReleaseId().equals(file.release())
        ? List.of()
        : transaction
            .selectFrom(RELEASE_FILE)
            .where(RELEASE_FILE.RELEASE_ID.eq(row.getReleaseId()))
            .and(RELEASE_FILE.POSITION.eq(row.getPosition()))
            .and(RELEASE_FILE.STATE.eq(ReleaseFile.State.OPEN.word()))
            .fetch(ReleaseFile::of);
  }

  /** Whether what stands there is the checksums of the same tag, which go on in this file. */
  public boolean continues(DSLContext sql, Release release, ReleaseFile file) {
    return sql.select(DOWNLOAD.RELEASE_ID)
        .from(DOWNLOAD)
        .where(new Download(release.repository(), file.downloadName()).row())
        .fetchOptional(DOWNLOAD.RELEASE_ID)
        .filter(other -> TagChecksums.shares(sql, other, release))
        .isPresent();
  }

  /**
   * Takes downloads that are due, of each repository and credential its share.
   *
   * @param hold for how long they are nobody else's, unless that is said again
   */
  public List<DownloadClaim> claim(DSLContext sql, Room room, Duration hold) {
    return claims.claim(sql, room, hold).stream().map(DownloadClaim::new).toList();
  }

  /**
   * @return false where another instance has the download now
   */
  public boolean renew(DSLContext sql, DownloadClaim claim, Duration span) {
    return due.settle(sql, claim.row(), Map.of(), clock.instant().plus(span));
  }

  /** What is wanted by now, which may be newer than when it was claimed; empty for nothing. */
  public Optional<DesiredFile> desired(DSLContext sql, DownloadClaim claim) {
    DownloadRecord row = sql.selectFrom(DOWNLOAD).where(claim.download().row()).fetchSingle();
    Optional<ReleaseFile> file =
        sql.selectFrom(RELEASE_FILE)
            .where(RELEASE_FILE.RELEASE_ID.eq(row.getReleaseId()))
            .and(RELEASE_FILE.POSITION.eq(row.getPosition()))
            .and(
                RELEASE_FILE.STATE.in(
                    // Delivered, and written over by somebody late: it is due once more.
                    ReleaseFile.State.OPEN.word(), ReleaseFile.State.DELIVERED.word()))
            .fetchOptional(ReleaseFile::of);
    return file.map(open -> desired(sql, row, open));
  }

  private static DesiredFile desired(DSLContext sql, DownloadRecord row, ReleaseFile open) {
    Release release =
        Release.of(sql.selectFrom(RELEASE).where(RELEASE.ID.eq(open.release())).fetchSingle());
    Optional<Checksums> checksums =
        open.isChecksums() ? Optional.of(TagChecksums.of(sql, release)) : Optional.empty();
    return new DesiredFile(
        row.getVersion(),
        release,
        checksums.map(content -> open.with(content.bytes().length, content.sha256())).orElse(open),
        row.getAttempts(),
        Optional.ofNullable(row.getWaitingFor()),
        DownloadState.of(row),
        checksums);
  }

  /**
   * From now on half of this file may lie there.
   *
   * @return false where something else is wanted by now, or by somebody else: then it must not be
   *     sent
   */
  public boolean begin(DSLContext sql, DownloadClaim claim, DesiredFile desired) {
    return sql.update(DOWNLOAD)
            .set(DOWNLOAD.BEGUN_SHA256, desired.file().sha256())
            .set(DOWNLOAD.BEGUN_SIZE, desired.file().size())
            .where(claim.download().row())
            .and(DOWNLOAD.CLAIM.eq(claim.row().getClaim()))
            .and(DOWNLOAD.VERSION.eq(desired.version()))
            .execute()
        == 1;
  }

  /**
   * What lies there is known again.
   *
   * @param there what Bitbucket lists now
   */
  public void known(DSLContext sql, DownloadClaim claim, Optional<Listed> there) {
    sql.update(DOWNLOAD)
        .setNull(DOWNLOAD.BEGUN_SHA256)
        .setNull(DOWNLOAD.BEGUN_SIZE)
        .set(DOWNLOAD.BEFORE_SIZE, there.map(Downloads::size).orElse(null))
        .set(DOWNLOAD.BEFORE_MADE_AT, there.flatMap(Listed::madeAt).orElse(null))
        .where(claim.download().row())
        .and(DOWNLOAD.CLAIM.eq(claim.row().getClaim()))
        .execute();
  }

  /** What lay there was deleted; more of it may come. */
  public void cleared(DSLContext sql, DownloadClaim claim) {
    sql.update(DOWNLOAD)
        .setNull(DOWNLOAD.BEFORE_SIZE)
        .setNull(DOWNLOAD.BEFORE_MADE_AT)
        .where(claim.download().row())
        .and(DOWNLOAD.CLAIM.eq(claim.row().getClaim()))
        .execute();
  }

  /** What was begun must never be released. */
  public void doom(DSLContext sql, DownloadClaim claim, DesiredFile desired, String reason) {
    sql.update(DOWNLOAD)
        .set(DOWNLOAD.DOOMED, reason)
        .where(claim.download().row())
        .and(DOWNLOAD.CLAIM.eq(claim.row().getClaim()))
        .and(DOWNLOAD.VERSION.eq(desired.version()))
        .execute();
  }

  /** Locks the row, so that it stands so until the transaction ends. */
  public ClaimState state(DSLContext transaction, DownloadClaim claim, long version) {
    DownloadRecord row =
        transaction.selectFrom(DOWNLOAD).where(claim.download().row()).forUpdate().fetchSingle();
    if (!row.getClaim().equals(claim.row().getClaim())) {
      return ClaimState.LOST;
    }
    return row.getVersion() == version ? ClaimState.CURRENT : ClaimState.OVERTAKEN;
  }

  /**
   * Bitbucket has taken a file, also one that is not wanted any more.
   *
   * @param next when something else is due there; null for nothing
   */
  public void sent(
      DSLContext transaction, DownloadClaim claim, ReleaseFile file, @Nullable Instant next) {
    Map<Field<?>, @Nullable Object> changes = new HashMap<>();
    changes.put(DOWNLOAD.SENT_SHA256, file.sha256());
    changes.put(DOWNLOAD.BEGUN_SHA256, null);
    changes.put(DOWNLOAD.BEGUN_SIZE, null);
    changes.put(DOWNLOAD.BEFORE_SIZE, file.size());
    changes.put(DOWNLOAD.BEFORE_MADE_AT, null);
    due.settle(transaction, claim.row(), changes, next);
  }

  /**
   * To be tried again.
   *
   * @param waitingFor the kind of reason, one of a closed set
   */
  public void later(
      DSLContext transaction,
      DownloadClaim claim,
      int attempts,
      Instant next,
      String waitingFor,
      String reason) {
    due.settle(
        transaction,
        claim.row(),
        Map.of(
            DOWNLOAD.ATTEMPTS,
            attempts,
            DOWNLOAD.WAITING_FOR,
            waitingFor,
            DOWNLOAD.LAST_REASON,
            reason),
        next);
  }

  /**
   * The attempt is over.
   *
   * @param next when it is due again; null for not at all
   */
  public void release(DSLContext transaction, DownloadClaim claim, @Nullable Instant next) {
    due.settle(transaction, claim.row(), Map.of(), next);
  }

  /** Nothing is wanted there, unless something has come to be since it was claimed. */
  public void nothing(DSLContext sql, DownloadClaim claim) {
    sql.update(DOWNLOAD)
        .setNull(DOWNLOAD.DUE_AT)
        .where(claim.download().row())
        .and(DOWNLOAD.CLAIM.eq(claim.row().getClaim()))
        .and(DOWNLOAD.VERSION.eq(claim.row().getVersion()))
        .execute();
  }

  /** Something older may have been put over what others sent: theirs is due once more. */
  public void wantAgain(DSLContext transaction, DownloadClaim claim) {
    transaction
        .update(DOWNLOAD)
        .set(DOWNLOAD.VERSION, DOWNLOAD.VERSION.plus(1))
        .setNull(DOWNLOAD.SENT_SHA256)
        .set(DOWNLOAD.DUE_AT, DSL.coalesce(DOWNLOAD.DUE_AT, DSL.val(clock.instant())))
        .where(claim.download().row())
        .execute();
  }

  /** How many files wait to be sent, or are on their way. */
  public int backlog(DSLContext sql) {
    return sql.fetchCount(DOWNLOAD, DOWNLOAD.DUE_AT.isNotNull());
  }
}
