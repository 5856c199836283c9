package sh.cinch.ingress.heads;

import static sh.cinch.database.ingress.Tables.KNOWN_HEAD;
import static sh.cinch.database.ingress.Tables.MISSED_PUSH;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.ingress.tables.records.MissedPushRecord;
import sh.cinch.service.database.RowBatch;
import sh.cinch.service.retention.Retention;

/**
 * The rows of pushes that no delivery brought.
 *
 * <pre>
 * found → confirmed by a look a minute later → published → forgotten
 *   ↳ gone: the head is known by now, or another     ↳ a delivery that comes for it has its id
 *   ↳ taken by a delivery that comes after all: found anew, should that not be published
 * </pre>
 */
public final class MissedPushes {

  /** Between the two looks that find one. */
  public static final Duration APART = Duration.ofMinutes(1);

  /** For that long after it is published a delivery may still come for it. */
  static final Duration REMEMBERED = Duration.ofMinutes(10);

  private static final Duration OLD = Duration.ofHours(1);

  /** In memory of those who receive deliveries; more are published without waiting for any. */
  private static final int MOST_EXPECTED = 100_000;

  private MissedPushes() {}

  /**
   * Writes down what a look found. What was found before and is no more is forgotten.
   *
   * @param asked when the look began
   * @param ended when it had the last answer: another one has to begin a minute later
   * @return when another look could confirm the first of those that are not; empty where none waits
   */
  public static Optional<Instant> found(
      DSLContext transaction,
      UUID repository,
      Collection<FoundPush> found,
      Instant asked,
      Instant ended) {
    Map<String, MissedPushRecord> before =
        lock(transaction, MISSED_PUSH.REPOSITORY_ID.eq(repository)).stream()
            .collect(Collectors.toMap(MissedPushRecord::getRef, Function.identity()));
    List<MissedPushRecord> fresh = new ArrayList<>();
    List<MissedPushRecord> confirmed = new ArrayList<>();
    List<Instant> waiting = new ArrayList<>();
    Set<String> still = new HashSet<>();
    for (FoundPush push : new TreeMap<>(byRef(found)).values()) {
      MissedPushRecord row = before.get(push.ref());
      still.add(push.ref());
      if (row == null || !isSame(row, push)) {
        fresh.add(row(repository, push, ended));
        waiting.add(ended.plus(APART));
      } else if (row.getPublishedAt() == null && row.getConfirmedAt() == null) {
        Instant due = row.getFoundAt().plus(APART);
        if (asked.isBefore(due)) {
          waiting.add(due);
        } else {
          row.setConfirmedAt(ended);
          confirmed.add(row);
        }
      }
    }
    before.values().stream()
        .filter(row -> !still.contains(row.getRef()))
        .filter(row -> row.getPublishedAt() == null && !isBeingTaken(row, ended))
        .forEach(row -> forget(transaction, row));
    RowBatch.insert(
        transaction,
        fresh,
        insert ->
            insert
                .onConflict(MISSED_PUSH.REPOSITORY_ID, MISSED_PUSH.REF)
                .doUpdate()
                .setAllToExcluded());
    RowBatch.update(transaction, confirmed);
    return waiting.stream().min(Instant::compareTo);
  }

  private static Map<String, FoundPush> byRef(Collection<FoundPush> found) {
    return found.stream().collect(Collectors.toMap(FoundPush::ref, Function.identity()));
  }

  private static boolean isSame(MissedPushRecord row, FoundPush push) {
    return row.getNumber() == push.number()
        && Objects.equals(row.getOldHash(), push.oldHash())
        && Objects.equals(row.getNewHash(), push.newHash());
  }

  private static MissedPushRecord row(UUID repository, FoundPush push, Instant at) {
    MissedPushRecord row = new MissedPushRecord();
    row.setRepositoryId(repository);
    row.setRef(push.ref());
    row.setOldHash(push.oldHash());
    row.setNewHash(push.newHash());
    row.setNumber(push.number());
    row.setEventId(push.eventId());
    row.setMessage(push.message().orElse(null));
    row.setAuthor(push.author().orElse(null));
    row.setFoundAt(at);
    row.setConfirmedAt(null);
    row.setPublishedAt(null);
    row.setTakenBy(null);
    return row;
  }

  /** Further attempts of the delivery that came for it may follow: they have its id, too. */
  private static boolean isBeingTaken(MissedPushRecord row, Instant now) {
    return row.getTakenBy() != null && now.isBefore(row.getFoundAt().plus(APART));
  }

  private static List<MissedPushRecord> lock(DSLContext transaction, Condition which) {
    return transaction
        .selectFrom(MISSED_PUSH)
        .where(which)
        .orderBy(MISSED_PUSH.REPOSITORY_ID, MISSED_PUSH.REF)
        .forUpdate()
        .fetch();
  }

  private static void forget(DSLContext transaction, MissedPushRecord row) {
    transaction
        .deleteFrom(MISSED_PUSH)
        .where(MISSED_PUSH.REPOSITORY_ID.eq(row.getRepositoryId()))
        .and(MISSED_PUSH.REF.eq(row.getRef()))
        .execute();
  }

  /** Those that may be published as soon as what is under way has got through. */
  public static List<MissedPush> confirmed(DSLContext sql, int most) {
    return sql.selectFrom(MISSED_PUSH)
        .where(MISSED_PUSH.CONFIRMED_AT.isNotNull())
        .and(MISSED_PUSH.PUBLISHED_AT.isNull())
        .orderBy(MISSED_PUSH.CONFIRMED_AT)
        .limit(most)
        .fetch()
        .map(
            row ->
                new MissedPush(
                    row.getRepositoryId(),
                    new FoundPush(
                        row.getRef(),
                        row.getOldHash(),
                        row.getNewHash(),
                        row.getNumber(),
                        row.getEventId(),
                        Optional.ofNullable(row.getMessage()),
                        Optional.ofNullable(row.getAuthor()))));
  }

  /**
   * Makes it the known head, for its event to be written in the same transaction.
   *
   * @return false where it is no more to be published: a delivery came, or another head is known
   */
  public static boolean take(DSLContext transaction, MissedPush push, Instant now) {
    Optional<MissedPushRecord> row =
        lock(transaction, is(push.repository(), push.found().ref())).stream()
            .filter(
                one ->
                    one.getEventId().equals(push.found().eventId())
                        && one.getConfirmedAt() != null
                        && one.getPublishedAt() == null)
            .findFirst();
    if (row.isEmpty()) {
      return false;
    }
    if (!KnownHeads.take(transaction, row.get(), now)) {
      forget(transaction, row.get());
      return false;
    }
    row.get().setPublishedAt(now);
    RowBatch.update(transaction, row.stream().toList());
    return true;
  }

  private static Condition is(UUID repository, String ref) {
    return MISSED_PUSH.REPOSITORY_ID.eq(repository).and(MISSED_PUSH.REF.eq(ref));
  }

  /** Nobody is to publish any of them. */
  public static void forget(DSLContext sql, MissedPush push) {
    sql.deleteFrom(MISSED_PUSH)
        .where(is(push.repository(), push.found().ref()))
        .and(MISSED_PUSH.PUBLISHED_AT.isNull())
        .execute();
  }

  /** The refs, by repository, for which a delivery may still come. */
  static Map<UUID, Set<String>> expected(DSLContext sql, Instant now) {
    return sql
        .select(MISSED_PUSH.REPOSITORY_ID, MISSED_PUSH.REF)
        .from(MISSED_PUSH)
        .where(
            MISSED_PUSH
                .PUBLISHED_AT
                .isNull()
                .or(MISSED_PUSH.PUBLISHED_AT.gt(now.minus(REMEMBERED))))
        .limit(MOST_EXPECTED)
        .fetch()
        .stream()
        .collect(
            Collectors.groupingBy(
                row -> row.value1(),
                Collectors.mapping(row -> row.value2(), Collectors.toUnmodifiableSet())));
  }

  /**
   * A delivery brings changes of refs, some of which may be those that were missed.
   *
   * @param changes new hashes by ref
   * @param firstRequestId of the delivery: what is taken by one is no other's
   */
  public static Expectation meet(
      DSLContext transaction,
      UUID repository,
      Map<String, @Nullable String> changes,
      String firstRequestId,
      Instant now) {
    List<MissedPushRecord> rows =
        lock(
            transaction,
            MISSED_PUSH.REPOSITORY_ID.eq(repository).and(MISSED_PUSH.REF.in(changes.keySet())));
    Map<String, String> ids = new TreeMap<>();
    boolean isPublished = false;
    for (MissedPushRecord row : rows) {
      isPublished |= row.getPublishedAt() != null;
      boolean isIt = Objects.equals(row.getNewHash(), changes.get(row.getRef()));
      if (isIt && isFor(transaction, row, firstRequestId)) {
        ids.put(row.getRef(), row.getEventId());
        row.setTakenBy(firstRequestId);
        // Where the delivery comes to nothing it is found anew, and published after all.
        row.setFoundAt(now);
        row.setConfirmedAt(null);
      } else if (!isBeingTaken(row, now)) {
        forget(transaction, row);
      }
    }
    RowBatch.update(transaction, rows);
    return new Expectation(ids, isPublished);
  }

  /** One delivery alone may have the id, and none once another push of the ref is known. */
  private static boolean isFor(
      DSLContext transaction, MissedPushRecord row, String firstRequestId) {
    return row.getTakenBy() == null
        ? isCurrent(transaction, row)
        : row.getTakenBy().equals(firstRequestId);
  }

  private static boolean isCurrent(DSLContext transaction, MissedPushRecord row) {
    return transaction
        .select(KNOWN_HEAD.NUMBER, KNOWN_HEAD.EVENT_ID)
        .from(KNOWN_HEAD)
        .where(KNOWN_HEAD.REPOSITORY_ID.eq(row.getRepositoryId()))
        .and(KNOWN_HEAD.REF.eq(row.getRef()))
        .fetchOptional()
        .map(
            known ->
                known.value1().equals(row.getNumber()) || row.getEventId().equals(known.value2()))
        .orElse(row.getNumber() == 0);
  }

  /** Those that nobody will ask for any more. */
  public static Retention.Batch old() {
    return (database, before, most) ->
        Retention.delete(
            database.sql(),
            MISSED_PUSH,
            DSL.select(MISSED_PUSH.REPOSITORY_ID, MISSED_PUSH.REF)
                .from(MISSED_PUSH)
                .where(MISSED_PUSH.PUBLISHED_AT.lt(before))
                .or(
                    MISSED_PUSH
                        .PUBLISHED_AT
                        .isNull()
                        .and(MISSED_PUSH.FOUND_AT.lt(before.minus(OLD))))
                .limit(most)
                .forUpdate()
                .skipLocked());
  }

  /** How long one is kept after it was published. */
  public static Duration kept() {
    return REMEMBERED;
  }
}
