package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.STATUS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.service.database.Given;

/**
 * By whom a status is written on the forge, where the account that made an entry may alone change
 * it. Where that account no longer serves, the status goes on under another key of its own, and the
 * entry stays.
 */
record KeyOwnership(DSLContext sql) {

  /** Its row, locked, where the claim on it still holds. */
  Optional<StatusRecord> held(StatusClaim claim) {
    return sql.selectFrom(STATUS)
        .where(claim.status().row())
        .and(STATUS.CLAIM.eq(claim.row().getClaim()))
        .forUpdate()
        .fetchOptional();
  }

  /**
   * Written down before the first request, whose end may never be known.
   *
   * @param first with which the first request for each is to be made
   * @return those whose claims still hold
   */
  List<StatusClaim> begin(Map<StatusClaim, UUID> first) {
    if (first.isEmpty()) {
      return List.of();
    }
    Given<Map.Entry<StatusClaim, UUID>> begun =
        new Given<>(first.entrySet())
            .with(STATUS.REPOSITORY_ID, each -> each.getKey().status().repository())
            .with(STATUS.COMMIT_HASH, each -> each.getKey().status().commit())
            .with(STATUS.SHOWN_KEY, each -> each.getKey().status().shownKey())
            .with(STATUS.CLAIM, each -> each.getKey().row().getClaim())
            .with(STATUS.POSTED_BY, Map.Entry::getValue);
    Set<StatusId> held =
        sql.update(STATUS)
            .set(STATUS.POSTED_BY, begun.field(STATUS.POSTED_BY))
            .from(begun.table())
            .where(StatusId.rows(begun))
            .and(begun.is(STATUS.CLAIM))
            .returning(STATUS.REPOSITORY_ID, STATUS.COMMIT_HASH, STATUS.SHOWN_KEY)
            .fetchSet(StatusId::of);
    return first.entrySet().stream()
        .filter(each -> held.contains(each.getKey().status()))
        .map(each -> each.getKey().begunWith(each.getValue()))
        .toList();
  }

  /**
   * Written down before a request of another than wrote it last, whose end may never be known.
   *
   * @return whether the claim still holds
   */
  boolean perhaps(StatusClaim claim, UUID credential) {
    return sql.update(STATUS)
            .set(STATUS.PERHAPS_BY, credential)
            .where(claim.status().row())
            .and(STATUS.CLAIM.eq(claim.row().getClaim()))
            .execute()
        == 1;
  }

  /**
   * The status goes on under a key that nobody has, which is taken before anything is posted under
   * it.
   *
   * @param credential that posts it from now on
   * @return empty where the claim no longer holds
   */
  Optional<StatusClaim> leave(StatusClaim claim, UUID credential) {
    return held(claim).map(row -> claim.at(move(row, free(row), credential)));
  }

  private String free(StatusRecord row) {
    return StatusRows.furtherKeys(row.getStatusKey(), row.getRef())
        .filter(key -> !Arrays.asList(row.getLeftKeys()).contains(key))
        .filter(key -> !isTaken(row, key))
        .findFirst()
        .orElseThrow();
  }

  private boolean isTaken(StatusRecord row, String key) {
    return sql.fetchExists(
        STATUS, new StatusId(row.getRepositoryId(), row.getCommitHash(), key).row());
  }

  private StatusRecord move(StatusRecord row, String key, UUID credential) {
    List<String> left = new ArrayList<>(Arrays.asList(row.getLeftKeys()));
    left.add(row.getShownKey());
    return sql.update(STATUS)
        .set(STATUS.SHOWN_KEY, key)
        .set(STATUS.LEFT_KEYS, left.toArray(String[]::new))
        .set(STATUS.POSTED_BY, credential)
        .setNull(STATUS.PERHAPS_BY)
        .setNull(STATUS.SHOWN_STATE)
        .setNull(STATUS.SHOWN_ACCOUNT)
        .setNull(STATUS.SHOWN_AT)
        .where(StatusId.of(row).row())
        .returning()
        .fetchSingle();
  }

  /**
   * Nothing was made under the new key: what the forge refuses is not the old one.
   *
   * @return the claim on it as it was before
   */
  StatusClaim goBack(StatusClaim left, StatusClaim taken) {
    StatusRecord before = left.row();
    sql.update(STATUS)
        .set(STATUS.SHOWN_KEY, before.getShownKey())
        .set(STATUS.LEFT_KEYS, before.getLeftKeys())
        .set(STATUS.POSTED_BY, before.getPostedBy())
        .set(STATUS.PERHAPS_BY, before.getPerhapsBy())
        .set(STATUS.SHOWN_STATE, before.getShownState())
        .set(STATUS.SHOWN_ACCOUNT, before.getShownAccount())
        .set(STATUS.SHOWN_AT, before.getShownAt())
        .where(taken.status().row())
        .and(STATUS.CLAIM.eq(taken.row().getClaim()))
        .execute();
    return left;
  }

  /** What people should know of the entries that stay; empty where none does. */
  static List<String> warnings(StatusRecord row) {
    String[] left = row.getLeftKeys();
    return left.length == 0
        ? List.of()
        : List.of(
            "%s on Bitbucket %s made by another account, which alone may change %s, and %s as last reported; go by \"%s\", under which this is shown now"
                .formatted(
                    String.join(
                        " and ", Arrays.stream(left).map(key -> "\"" + key + "\"").toList()),
                    left.length == 1 ? "was" : "were",
                    left.length == 1 ? "it" : "them",
                    left.length == 1 ? "stays" : "stay",
                    row.getShownKey()));
  }
}
