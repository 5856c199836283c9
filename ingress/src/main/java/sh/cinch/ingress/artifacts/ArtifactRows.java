package sh.cinch.ingress.artifacts;

import static sh.cinch.database.ingress.Tables.ARTIFACT;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.UpdateSetFirstStep;
import org.jooq.impl.DSL;
import sh.cinch.database.ingress.tables.records.ArtifactRecord;
import sh.cinch.service.database.Database;

/** The rows of artifacts. Blocks: never on an event loop. */
record ArtifactRows(Database database, ArtifactSettings settings, InstantSource clock) {

  /** How long an upload that is not heard of keeps others out: its instance may have died. */
  static final Duration CLAIM = Duration.ofSeconds(30);

  private static final Duration PARTIAL_LIFETIME = Duration.ofDays(1);
  private static final Duration AFTER_RELEASE = Duration.ofHours(1);
  private static final Duration REMEMBERED = Duration.ofDays(30);

  Optional<ArtifactRecord> find(UUID repository, UUID id) {
    return database
        .sql()
        .selectFrom(ARTIFACT)
        .where(ARTIFACT.ID.eq(id))
        .and(ARTIFACT.REPOSITORY_ID.eq(repository))
        .fetchOptional();
  }

  Optional<ArtifactRecord> find(Content content) {
    return database
        .sql()
        .selectFrom(ARTIFACT)
        .where(has(content))
        .and(ARTIFACT.SIZE.eq(content.size()))
        .and(ARTIFACT.EXPIRES_AT.gt(clock.instant()))
        .fetchOptional();
  }

  /** Once granted, its size counts against the quota. */
  Claim claim(Content content) {
    return database.transaction(
        transaction -> {
          lock(transaction, content.repository());
          ArtifactRecord row =
              transaction.selectFrom(ARTIFACT).where(has(content)).forUpdate().fetchOne();
          return row == null ? begin(transaction, content) : claim(transaction, content, row);
        });
  }

  private Claim claim(DSLContext transaction, Content content, ArtifactRecord row) {
    Instant now = clock.instant();
    boolean stored = row.getState().equals(ArtifactState.STORED.word());
    if (stored && row.getSize() != content.size()) {
      return new Claim.Refused(new UploadStart.OtherSize(row.getSize()));
    }
    if (!stored && row.getClaimedUntil() != null && row.getClaimedUntil().isAfter(now)) {
      return new Claim.Busy(row.getId());
    }
    if (row.getSize() != content.size()) { // one of the two is wrong, and nothing was stored
      row.setState(ArtifactState.EXPIRED.word());
      row.update();
      return begin(transaction, content);
    }
    long used = used(transaction, content.repository(), Optional.of(row.getId()));
    if (!row.getExpiresAt().isAfter(now) && used + content.size() > settings.quota()) {
      return overQuota(used);
    }
    if (stored) {
      row.setExpiresAt(Collections.max(List.of(row.getExpiresAt(), now.plus(settings.lifetime()))));
      row.update();
      return new Claim.Stored(artifact(row));
    }
    boolean settled = row.getClaimedUntil() == null;
    row.setClaim(row.getClaim() + 1);
    row.setClaimedUntil(now.plus(CLAIM));
    row.setExpiresAt(now.plus(PARTIAL_LIFETIME));
    row.update();
    return new Claim.Granted(row.getId(), row.getClaim(), settled);
  }

  private Claim begin(DSLContext transaction, Content content) {
    long used = used(transaction, content.repository(), Optional.empty());
    if (used + content.size() > settings.quota()) {
      return overQuota(used);
    }
    Instant now = clock.instant();
    ArtifactRecord row = transaction.newRecord(ARTIFACT);
    row.setId(UUID.randomUUID());
    row.setRepositoryId(content.repository());
    row.setSha256(content.sha256());
    row.setSize(content.size());
    row.setState(ArtifactState.PARTIAL.word());
    row.setClaim(1L);
    row.setClaimedUntil(now.plus(CLAIM));
    row.setExpiresAt(now.plus(PARTIAL_LIFETIME));
    row.insert();
    return new Claim.Granted(row.getId(), 1, true);
  }

  private Claim overQuota(long used) {
    return new Claim.Refused(new UploadStart.OverQuota(used, settings.quota()));
  }

  /** Those of one repository take turns here, so that together they keep within its quota. */
  private static void lock(DSLContext transaction, UUID repository) {
    transaction
        .select(REPOSITORY.ID)
        .from(REPOSITORY)
        .where(REPOSITORY.ID.eq(repository))
        .forNoKeyUpdate()
        .fetchSingle();
  }

  private long used(DSLContext transaction, UUID repository, Optional<UUID> except) {
    return transaction
        .select(DSL.coalesce(DSL.sum(ARTIFACT.SIZE), 0L).cast(Long.class))
        .from(ARTIFACT)
        .where(ARTIFACT.REPOSITORY_ID.eq(repository))
        .and(ARTIFACT.STATE.in(ArtifactState.PARTIAL.word(), ArtifactState.STORED.word()))
        .and(ARTIFACT.EXPIRES_AT.gt(clock.instant()))
        .and(except.map(ARTIFACT.ID::ne).orElseGet(DSL::trueCondition))
        .fetchSingle()
        .value1();
  }

  /** False where somebody else has it by now. */
  boolean renew(Claim.Granted claim) {
    Instant now = clock.instant();
    return update()
            .set(ARTIFACT.CLAIMED_UNTIL, now.plus(CLAIM))
            .set(ARTIFACT.EXPIRES_AT, now.plus(PARTIAL_LIFETIME))
            .where(isOf(claim))
            .execute()
        == 1;
  }

  /**
   * What was written so far can be gone on with.
   *
   * @param settled whether nobody writes any more
   */
  void release(Claim.Granted claim, boolean settled) {
    update()
        .set(ARTIFACT.CLAIMED_UNTIL, settled ? null : clock.instant())
        .where(isOf(claim))
        .execute();
  }

  /** Empty where somebody else has it by now. */
  Optional<Artifact> stored(Claim.Granted claim) {
    return update()
        .set(ARTIFACT.STATE, ArtifactState.STORED.word())
        .setNull(ARTIFACT.CLAIMED_UNTIL)
        .set(ARTIFACT.EXPIRES_AT, clock.instant().plus(settings.lifetime()))
        .where(isOf(claim))
        .returning()
        .fetchOptional()
        .map(ArtifactRows::artifact);
  }

  /** Nothing of it is worth keeping. */
  void drop(Claim.Granted claim) {
    database.sql().deleteFrom(ARTIFACT).where(isOf(claim)).execute();
  }

  /** Its bytes are not in the store any more: it must be brought again. */
  void lost(UUID id) {
    update()
        .set(ARTIFACT.STATE, ArtifactState.PARTIAL.word())
        .where(ARTIFACT.ID.eq(id))
        .and(ARTIFACT.STATE.eq(ArtifactState.STORED.word()))
        .execute();
  }

  void needed(DSLContext transaction, Collection<UUID> ids) {
    Instant until = clock.instant().plus(settings.lifetime());
    expireAt(transaction, ids, DSL.greatest(ARTIFACT.EXPIRES_AT, DSL.val(until)));
  }

  void released(DSLContext transaction, Collection<UUID> ids) {
    Instant soon = clock.instant().plus(AFTER_RELEASE);
    expireAt(transaction, ids, DSL.least(ARTIFACT.EXPIRES_AT, DSL.val(soon)));
  }

  private static void expireAt(
      DSLContext transaction, Collection<UUID> ids, Field<Instant> expiresAt) {
    transaction
        .update(ARTIFACT)
        .set(ARTIFACT.EXPIRES_AT, expiresAt)
        .where(ARTIFACT.ID.in(ids))
        .and(ARTIFACT.STATE.eq(ArtifactState.STORED.word()))
        .execute();
  }

  /** From here on their bytes are owed to be removed, and nothing can make them last again. */
  void expire() {
    Instant now = clock.instant();
    update()
        .set(ARTIFACT.STATE, ArtifactState.EXPIRED.word())
        .where(ARTIFACT.STATE.in(ArtifactState.PARTIAL.word(), ArtifactState.STORED.word()))
        .and(ARTIFACT.EXPIRES_AT.le(now))
        .execute();
    database
        .sql()
        .deleteFrom(ARTIFACT)
        .where(ARTIFACT.STATE.eq(ArtifactState.REMOVED.word()))
        .and(ARTIFACT.EXPIRES_AT.le(now.minus(REMEMBERED)))
        .execute();
  }

  List<UUID> expired(int limit) {
    return database
        .sql()
        .select(ARTIFACT.ID)
        .from(ARTIFACT)
        .where(ARTIFACT.STATE.eq(ArtifactState.EXPIRED.word()))
        .orderBy(ARTIFACT.EXPIRES_AT)
        .limit(limit)
        .fetch(ARTIFACT.ID);
  }

  void removed(UUID id) {
    update()
        .set(ARTIFACT.STATE, ArtifactState.REMOVED.word())
        .where(ARTIFACT.ID.eq(id))
        .and(ARTIFACT.STATE.eq(ArtifactState.EXPIRED.word()))
        .execute();
  }

  /** Those of the given ids whose bytes may be in the store. */
  Set<UUID> withBytes(Set<UUID> ids) {
    return database
        .sql()
        .select(ARTIFACT.ID)
        .from(ARTIFACT)
        .where(ARTIFACT.ID.in(ids))
        .and(ARTIFACT.STATE.ne(ArtifactState.REMOVED.word()))
        .fetchSet(ARTIFACT.ID);
  }

  /** Bytes of all artifacts, of partial ones as announced. */
  Map<ArtifactState, Long> bytes() {
    Map<ArtifactState, Long> bytes = new EnumMap<>(ArtifactState.class);
    database
        .sql()
        .select(ARTIFACT.STATE, DSL.sum(ARTIFACT.SIZE).cast(Long.class))
        .from(ARTIFACT)
        .groupBy(ARTIFACT.STATE)
        .fetch()
        .forEach(row -> bytes.put(ArtifactState.of(row.value1()), row.value2()));
    return bytes;
  }

  private UpdateSetFirstStep<ArtifactRecord> update() {
    return database.sql().update(ARTIFACT);
  }

  /** Of what can still be used. */
  private static Condition has(Content content) {
    return ARTIFACT
        .REPOSITORY_ID
        .eq(content.repository())
        .and(ARTIFACT.SHA256.eq(content.sha256()))
        .and(ARTIFACT.STATE.in(ArtifactState.PARTIAL.word(), ArtifactState.STORED.word()));
  }

  private static Condition isOf(Claim.Granted claim) {
    return ARTIFACT
        .ID
        .eq(claim.id())
        .and(ARTIFACT.CLAIM.eq(claim.number()))
        .and(ARTIFACT.STATE.eq(ArtifactState.PARTIAL.word()));
  }

  static Artifact artifact(ArtifactRecord row) {
    return new Artifact(row.getId(), row.getSha256(), row.getSize(), row.getExpiresAt());
  }
}
