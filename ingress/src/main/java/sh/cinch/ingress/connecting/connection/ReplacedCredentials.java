package sh.cinch.ingress.connecting.connection;

import static sh.cinch.database.ingress.Tables.REPLACED_CREDENTIAL;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * The credentials that repositories were connected with before, for as long as statuses that they
 * began may be finished with them. One may be a repository's own again.
 */
record ReplacedCredentials(DSLContext sql, Instant now) {

  /** As long as the token-service keeps one. */
  private static final Duration KEPT = Duration.ofHours(24);

  /** More than renewals that went wrong take in a day. */
  private static final int MOST = 10;

  void add(UUID repository, UUID credential) {
    sql.insertInto(REPLACED_CREDENTIAL)
        .set(REPLACED_CREDENTIAL.REPOSITORY_ID, repository)
        .set(REPLACED_CREDENTIAL.CREDENTIAL_ID, credential)
        .set(REPLACED_CREDENTIAL.KEPT_UNTIL, now.plus(KEPT))
        .onConflict(REPLACED_CREDENTIAL.getPrimaryKey().getFields())
        .doUpdate()
        .setNonConflictingKeyToExcluded()
        .execute();
  }

  /**
   * @return those that nothing of this repository is to be finished with any more
   */
  List<UUID> removeAll(UUID repository) {
    return sql.deleteFrom(REPLACED_CREDENTIAL)
        .where(REPLACED_CREDENTIAL.REPOSITORY_ID.eq(repository))
        .returning(REPLACED_CREDENTIAL.CREDENTIAL_ID)
        .fetch(REPLACED_CREDENTIAL.CREDENTIAL_ID);
  }

  /**
   * @return those that are too many, the oldest, which are kept no longer
   */
  List<UUID> removeBeyondMost(UUID repository) {
    return sql.deleteFrom(REPLACED_CREDENTIAL)
        .where(REPLACED_CREDENTIAL.REPOSITORY_ID.eq(repository))
        .and(
            REPLACED_CREDENTIAL.CREDENTIAL_ID.in(
                sql.select(REPLACED_CREDENTIAL.CREDENTIAL_ID)
                    .from(REPLACED_CREDENTIAL)
                    .where(REPLACED_CREDENTIAL.REPOSITORY_ID.eq(repository))
                    .orderBy(REPLACED_CREDENTIAL.KEPT_UNTIL.desc())
                    .offset(MOST)))
        .returning(REPLACED_CREDENTIAL.CREDENTIAL_ID)
        .fetch(REPLACED_CREDENTIAL.CREDENTIAL_ID);
  }

  /** Those whose time is over. */
  void removeOld() {
    sql.deleteFrom(REPLACED_CREDENTIAL).where(REPLACED_CREDENTIAL.KEPT_UNTIL.le(now)).execute();
  }

  List<UUID> of(UUID repository) {
    return sql.select(REPLACED_CREDENTIAL.CREDENTIAL_ID)
        .from(REPLACED_CREDENTIAL)
        .where(REPLACED_CREDENTIAL.REPOSITORY_ID.eq(repository))
        .fetch(REPLACED_CREDENTIAL.CREDENTIAL_ID);
  }

  /** For whichever repository that is the longest; empty where for none. */
  Optional<Instant> keptUntil(UUID credential) {
    return Optional.ofNullable(
            sql.select(DSL.max(REPLACED_CREDENTIAL.KEPT_UNTIL))
                .from(REPLACED_CREDENTIAL)
                .where(REPLACED_CREDENTIAL.CREDENTIAL_ID.eq(credential))
                .fetchSingle()
                .value1())
        .filter(now::isBefore);
  }
}
