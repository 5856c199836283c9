package sh.cinch.ingress.heads;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;
import static sh.cinch.database.ingress.Tables.KNOWN_HEAD;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.TableField;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.ingress.tables.records.KnownHeadRecord;
import sh.cinch.database.ingress.tables.records.MissedPushRecord;
import sh.cinch.service.database.Given;
import sh.cinch.service.retention.Retention;

/**
 * The rows of known heads: what the topic says last of each ref, and ahead of it what the
 * reconciler has put into the outbox.
 */
public final class KnownHeads {

  private KnownHeads() {}

  /** A ref of a repository, in the one order in which all instances lock rows. */
  private record Key(UUID repository, String ref) implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::repository).thenComparing(Key::ref);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * What a row is to become.
   *
   * @param rise of its number
   */
  private record State(
      @Nullable String hash,
      long rise,
      @Nullable String eventId,
      long offset,
      @Nullable Instant at) {

    private static final State NONE = new State(null, 0, null, -1, null);

    static State of(KnownHeadRecord row) {
      return new State(
          row.getHash(), 0, row.getEventId(), row.getRecordOffset(), row.getRecordAt());
    }

    State after(PublishedHead head) {
      // What was put into the outbox here comes back, perhaps twice: it counts once.
      boolean isCounted = head.eventId().equals(eventId);
      return isRecorded(head)
          ? this
          : new State(
              head.hash(), isCounted ? rise : rise + 1, head.eventId(), head.offset(), head.at());
    }

    /** The same record again; one of a topic that was made anew comes later than its offset. */
    private boolean isRecorded(PublishedHead head) {
      return at != null && head.offset() <= offset && !head.at().isAfter(at);
    }
  }

  /**
   * Writes what was published; the same records again change nothing.
   *
   * @param heads in the order of their topic
   */
  public static void record(DSLContext transaction, Collection<PublishedHead> heads) {
    if (heads.isEmpty()) {
      return;
    }
    Map<Key, State> states = new TreeMap<>();
    heads.forEach(head -> states.put(key(head), State.NONE));
    states.putAll(states(transaction, states.keySet()));
    for (PublishedHead head : heads) {
      states.computeIfPresent(key(head), (key, state) -> state.after(head));
    }
    write(transaction, states.entrySet());
  }

  private static Key key(PublishedHead head) {
    return new Key(head.repository(), head.ref());
  }

  private static Map<Key, State> states(DSLContext transaction, Collection<Key> keys) {
    Given<Key> given =
        new Given<>(keys)
            .with(KNOWN_HEAD.REPOSITORY_ID, Key::repository)
            .with(KNOWN_HEAD.REF, Key::ref);
    Map<Key, State> states = new HashMap<>();
    transaction
        .select(KNOWN_HEAD.fields())
        .from(given.table())
        .join(KNOWN_HEAD)
        .on(given.is(KNOWN_HEAD.REPOSITORY_ID, KNOWN_HEAD.REF))
        .orderBy(given.number())
        .forUpdate()
        .of(KNOWN_HEAD)
        .fetchInto(KNOWN_HEAD)
        .forEach(row -> states.put(new Key(row.getRepositoryId(), row.getRef()), State.of(row)));
    return states;
  }

  private static void write(DSLContext transaction, Collection<Map.Entry<Key, State>> states) {
    Given<Map.Entry<Key, State>> given =
        new Given<>(states)
            .with(KNOWN_HEAD.REPOSITORY_ID, each -> each.getKey().repository())
            .with(KNOWN_HEAD.REF, each -> each.getKey().ref())
            .with(KNOWN_HEAD.HASH, each -> each.getValue().hash())
            .with(KNOWN_HEAD.NUMBER, each -> each.getValue().rise())
            .with(KNOWN_HEAD.EVENT_ID, each -> each.getValue().eventId())
            .with(KNOWN_HEAD.RECORD_OFFSET, each -> each.getValue().offset())
            .with(KNOWN_HEAD.RECORD_AT, each -> each.getValue().at())
            .with(KNOWN_HEAD.CHANGED_AT, each -> each.getValue().at());
    List<TableField<KnownHeadRecord, ?>> columns =
        List.of(
            KNOWN_HEAD.REPOSITORY_ID,
            KNOWN_HEAD.REF,
            KNOWN_HEAD.HASH,
            KNOWN_HEAD.NUMBER,
            KNOWN_HEAD.EVENT_ID,
            KNOWN_HEAD.RECORD_OFFSET,
            KNOWN_HEAD.RECORD_AT,
            KNOWN_HEAD.CHANGED_AT);
    transaction
        .insertInto(KNOWN_HEAD)
        .columns(columns)
        .select(
            select(columns.stream().map(given::field).toList())
                .from(given.table())
                .orderBy(given.number()))
        .onConflict(KNOWN_HEAD.REPOSITORY_ID, KNOWN_HEAD.REF)
        .doUpdate()
        .set(KNOWN_HEAD.HASH, excluded(KNOWN_HEAD.HASH))
        .set(KNOWN_HEAD.NUMBER, KNOWN_HEAD.NUMBER.plus(excluded(KNOWN_HEAD.NUMBER)))
        .set(KNOWN_HEAD.EVENT_ID, excluded(KNOWN_HEAD.EVENT_ID))
        .set(KNOWN_HEAD.RECORD_OFFSET, excluded(KNOWN_HEAD.RECORD_OFFSET))
        .set(KNOWN_HEAD.RECORD_AT, excluded(KNOWN_HEAD.RECORD_AT))
        .set(KNOWN_HEAD.CHANGED_AT, excluded(KNOWN_HEAD.CHANGED_AT))
        .execute();
  }

  /** All of a repository by ref, deleted ones too. */
  public static Map<String, KnownHead> of(DSLContext sql, UUID repository) {
    return which(sql, KNOWN_HEAD.REPOSITORY_ID.eq(repository));
  }

  /** Those of some refs of it. */
  public static Map<String, KnownHead> of(
      DSLContext sql, UUID repository, Collection<String> refs) {
    return which(sql, KNOWN_HEAD.REPOSITORY_ID.eq(repository).and(KNOWN_HEAD.REF.in(refs)));
  }

  private static Map<String, KnownHead> which(DSLContext sql, Condition which) {
    return sql.select(KNOWN_HEAD.REF, KNOWN_HEAD.HASH, KNOWN_HEAD.NUMBER, KNOWN_HEAD.CHANGED_AT)
        .from(KNOWN_HEAD)
        .where(which)
        .fetchMap(
            row -> row.get(KNOWN_HEAD.REF),
            row ->
                new KnownHead(
                    row.get(KNOWN_HEAD.HASH),
                    row.get(KNOWN_HEAD.NUMBER),
                    row.get(KNOWN_HEAD.CHANGED_AT)));
  }

  /**
   * Takes heads as they stand for known, without announcing them. What was published since stays.
   *
   * @param heads commits by ref
   * @param since what is known from before counts as unknown
   */
  public static void adopt(
      DSLContext transaction,
      UUID repository,
      Map<String, String> heads,
      Instant since,
      Instant now) {
    Given<Map.Entry<String, String>> given =
        new Given<>(new TreeMap<>(heads).entrySet())
            .with(KNOWN_HEAD.REF, Map.Entry::getKey)
            .with(KNOWN_HEAD.HASH, Map.Entry::getValue);
    transaction
        .update(KNOWN_HEAD)
        .setNull(KNOWN_HEAD.HASH)
        .where(KNOWN_HEAD.REPOSITORY_ID.eq(repository))
        .and(KNOWN_HEAD.CHANGED_AT.lt(since))
        .and(notExists(selectOne().from(given.table()).where(given.is(KNOWN_HEAD.REF))))
        .execute();
    transaction
        .insertInto(KNOWN_HEAD)
        .columns(
            KNOWN_HEAD.REPOSITORY_ID,
            KNOWN_HEAD.REF,
            KNOWN_HEAD.HASH,
            KNOWN_HEAD.NUMBER,
            KNOWN_HEAD.CHANGED_AT)
        .select(
            select(
                    val(repository),
                    given.field(KNOWN_HEAD.REF),
                    given.field(KNOWN_HEAD.HASH),
                    val(0L),
                    val(now, KNOWN_HEAD.CHANGED_AT))
                .from(given.table())
                .orderBy(given.number()))
        .onConflict(KNOWN_HEAD.REPOSITORY_ID, KNOWN_HEAD.REF)
        .doUpdate()
        .set(KNOWN_HEAD.HASH, excluded(KNOWN_HEAD.HASH))
        .set(KNOWN_HEAD.CHANGED_AT, excluded(KNOWN_HEAD.CHANGED_AT))
        .where(KNOWN_HEAD.CHANGED_AT.lt(since))
        .execute();
  }

  /**
   * A push that was missed becomes the known head, where it still follows the one it was found to
   * follow.
   */
  static boolean take(DSLContext transaction, MissedPushRecord push, Instant now) {
    KnownHeadRecord row = new KnownHeadRecord();
    row.setRepositoryId(push.getRepositoryId());
    row.setRef(push.getRef());
    row.setHash(push.getNewHash());
    row.setNumber(push.getNumber() + 1);
    row.setEventId(push.getEventId());
    row.setChangedAt(now);
    int taken =
        transaction
            .update(KNOWN_HEAD)
            .set(row)
            .where(KNOWN_HEAD.REPOSITORY_ID.eq(push.getRepositoryId()))
            .and(KNOWN_HEAD.REF.eq(push.getRef()))
            .and(KNOWN_HEAD.NUMBER.eq(push.getNumber()))
            .and(KNOWN_HEAD.HASH.isNotDistinctFrom(push.getOldHash()))
            .execute();
    return taken == 1
        || (push.getNumber() == 0
            && push.getOldHash() == null
            && transaction.insertInto(KNOWN_HEAD).set(row).onConflictDoNothing().execute() == 1);
  }

  /** Refs that were deleted long ago: until then a number goes on where it was. */
  public static Retention.Batch deleted() {
    return Retention.of(KNOWN_HEAD, KNOWN_HEAD.CHANGED_AT, KNOWN_HEAD.HASH.isNull());
  }

  /** Those of repositories that were disconnected long ago. */
  public static Retention.Batch ofDisconnected() {
    return (database, before, most) ->
        Retention.delete(
            database.sql(),
            KNOWN_HEAD,
            select(KNOWN_HEAD.REPOSITORY_ID, KNOWN_HEAD.REF)
                .from(REPOSITORY)
                .join(KNOWN_HEAD)
                .on(KNOWN_HEAD.REPOSITORY_ID.eq(REPOSITORY.ID))
                .where(REPOSITORY.STATE.eq("disconnected"))
                .and(REPOSITORY.SINCE.lt(before))
                .limit(most)
                .forUpdate()
                .of(KNOWN_HEAD)
                .skipLocked());
  }
}
