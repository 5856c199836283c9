package sh.cinch.ingress.readmodel.deadletter;

import static sh.cinch.database.ingress.Tables.DEAD_LETTER;
import static sh.cinch.database.ingress.Tables.UNLISTED_DEAD_LETTER;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;
import sh.cinch.database.ingress.tables.DeadLetter;
import sh.cinch.database.ingress.tables.records.DeadLetterRecord;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.paging.PagedList;
import sh.cinch.service.database.Database;
import sh.cinch.service.retention.Retention;

/** The list of dead letters. Blocks. */
public record ListedDeadLetters(Database database) {

  private static final PagedList LIST =
      new PagedList("dead letters", DEAD_LETTER.AT, DEAD_LETTER.ID);
  private static final PagedList QUEUE = LIST.oldestFirst();

  private static final int REASONS = 100;
  private static final DeadLetter AGAIN = DEAD_LETTER.as("again");
  private static final Field<String> DEAD_AGAIN_AS =
      DSL.field(
              DSL.select(AGAIN.ID)
                  .from(AGAIN)
                  .where(AGAIN.REPLAY_OF.eq(DEAD_LETTER.ID))
                  .orderBy(AGAIN.AT.desc())
                  .limit(1))
          .as("dead_again_as");

  /** Those that are old: the topic has them no more. */
  public static Retention.Batch old() {
    return Retention.of(DEAD_LETTER, DEAD_LETTER.AT);
  }

  /** How many of a reason there were once, and have been no more since. */
  public static Retention.Batch oldUnlisted() {
    return Retention.of(UNLISTED_DEAD_LETTER, UNLISTED_DEAD_LETTER.LAST_AT);
  }

  /** The newest first. */
  public Page<ListedDeadLetter> page(DeadLetterFilter filter, PageRequest request) {
    return LIST.page(database, sql -> which(sql, filter), request).map(ListedDeadLetters::letter);
  }

  /** In the order in which they came. */
  Page<ListedDeadLetter> queue(DeadLetterFilter filter, PageRequest request) {
    return QUEUE.page(database, sql -> which(sql, filter), request).map(ListedDeadLetters::letter);
  }

  /** The cursor of what comes after it in the queue. */
  static String after(ListedDeadLetter letter) {
    return QUEUE.cursor(letter.at(), letter.id());
  }

  /** When the last of them was given up. */
  Optional<Instant> latest(DeadLetterFilter filter) {
    return Optional.ofNullable(
        database
            .sql()
            .select(DSL.max(DEAD_LETTER.AT))
            .from(DEAD_LETTER)
            .where(filter.condition())
            .fetchSingle()
            .value1());
  }

  private static SelectConditionStep<Record> which(DSLContext sql, DeadLetterFilter filter) {
    return rows(sql).and(filter.condition());
  }

  public Optional<ListedDeadLetter> find(String id) {
    return find(database.sql(), id);
  }

  static Optional<ListedDeadLetter> find(DSLContext sql, String id) {
    return rows(sql).and(DEAD_LETTER.ID.eq(id)).fetchOptional().map(ListedDeadLetters::letter);
  }

  private static SelectConditionStep<Record> rows(DSLContext sql) {
    return sql.select(DEAD_LETTER.asterisk(), DEAD_AGAIN_AS)
        .from(DEAD_LETTER)
        .where(DSL.noCondition());
  }

  /** The reasons of which there were too many, the latest first; at most a hundred. */
  public List<UnlistedDeadLetters> unlisted() {
    return database
        .sql()
        .selectFrom(UNLISTED_DEAD_LETTER)
        .orderBy(UNLISTED_DEAD_LETTER.LAST_AT.desc())
        .limit(REASONS)
        .fetch(
            row ->
                new UnlistedDeadLetters(
                    row.getTopic(),
                    row.getConsumer(),
                    row.getReason(),
                    row.getLetters(),
                    row.getFirstAt(),
                    row.getLastAt()));
  }

  /**
   * Puts it aside.
   *
   * @return false where something was done about it before
   */
  public boolean drop(String id, Instant now) {
    return settle(
        database.sql(),
        id,
        DEAD_LETTER.STATE.eq(DeadLetterState.OPEN.word()),
        DeadLetterState.DROPPED,
        now);
  }

  /** Puts some of these aside, the oldest first; how many. */
  public int drop(DeadLetterFilter filter, int most, Instant now) {
    return database
        .sql()
        .update(DEAD_LETTER)
        .set(DEAD_LETTER.STATE, DeadLetterState.DROPPED.word())
        .set(DEAD_LETTER.SETTLED_AT, now)
        .where(
            DEAD_LETTER.ID.in(
                DSL.select(DEAD_LETTER.ID)
                    .from(DEAD_LETTER)
                    .where(filter.open().condition())
                    .orderBy(DEAD_LETTER.AT, DEAD_LETTER.ID)
                    .limit(most)
                    .forUpdate()
                    .skipLocked()))
        .and(DEAD_LETTER.STATE.eq(DeadLetterState.OPEN.word()))
        .execute();
  }

  /** It has been sent, whatever was done about it meanwhile. */
  static void replayed(DSLContext sql, String id, Instant now) {
    boolean unused =
        settle(
            sql,
            id,
            DEAD_LETTER.STATE.ne(DeadLetterState.REPLAYED.word()),
            DeadLetterState.REPLAYED,
            now);
  }

  private static boolean settle(
      DSLContext sql, String id, Condition from, DeadLetterState to, Instant now) {
    return sql.update(DEAD_LETTER)
            .set(DEAD_LETTER.STATE, to.word())
            .set(DEAD_LETTER.SETTLED_AT, now)
            .where(DEAD_LETTER.ID.eq(id))
            .and(from)
            .execute()
        == 1;
  }

  private static ListedDeadLetter letter(Record found) {
    DeadLetterRecord row = found.into(DEAD_LETTER);
    return new ListedDeadLetter(
        row.getId(),
        row.getTopic(),
        row.getRecordPartition(),
        row.getRecordOffset(),
        row.getConsumer(),
        row.getReason(),
        row.getAt(),
        Optional.ofNullable(row.getRecordKey()),
        row.getRepositoryId() == null && row.getRepositoryName() == null
            ? Optional.empty()
            : Optional.of(
                new ListedDeadLetter.Named(
                    Optional.ofNullable(row.getRepositoryId()),
                    Optional.ofNullable(row.getRepositoryName()))),
        Optional.ofNullable(row.getEventId()),
        row.getBytes(),
        List.of(row.getCut()),
        DeadLetterState.of(row.getState()),
        Optional.ofNullable(row.getSettledAt()),
        Optional.ofNullable(row.getReplayOf()),
        Optional.ofNullable(found.get(DEAD_AGAIN_AS)),
        new ListedDeadLetter.Place(row.getLetterPartition(), row.getLetterOffset()));
  }
}
