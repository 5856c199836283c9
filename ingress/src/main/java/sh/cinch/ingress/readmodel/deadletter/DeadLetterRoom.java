package sh.cinch.ingress.readmodel.deadletter;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.rowNumber;
import static org.jooq.impl.DSL.select;
import static sh.cinch.database.ingress.Tables.DEAD_LETTER;
import static sh.cinch.database.ingress.Tables.UNLISTED_DEAD_LETTER;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SortField;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.ingress.tables.records.DeadLetterRecord;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;

/**
 * Keeps the list of dead letters within bounds: the newest of each reason and of all, open ones
 * before those that something was done about. What goes is counted; the topic still has it. The
 * recording itself counts nothing and locks nothing, so a flood slows it no more than its rows do.
 */
public final class DeadLetterRoom implements Step {

  private static final Logger log = LoggerFactory.getLogger(DeadLetterRoom.class);
  private static final int BATCH = 1_000;

  private final Database database;
  private final int ofOneReason;
  private final int ofAll;
  private final Counter unlisted;

  /** What is one reason to the eye. */
  private record Reason(String topic, String consumer, String kind) {

    static Reason of(DeadLetterRecord row) {
      return new Reason(row.getTopic(), row.getConsumer(), row.getReasonKind());
    }
  }

  public DeadLetterRoom(Database database, MeterRegistry metrics) {
    this(database, metrics, 5_000, 50_000);
  }

  DeadLetterRoom(Database database, MeterRegistry metrics, int ofOneReason, int ofAll) {
    this.database = database;
    this.ofOneReason = ofOneReason;
    this.ofAll = ofAll;
    this.unlisted = metrics.counter("cinch.dead.letters.unlisted");
  }

  @Override
  public boolean run() {
    if (hasRoom(database.sql())) {
      return false;
    }
    // Two instances at once would wait for each other's rows.
    return database
        .exclusively(
            "dead-letter-room",
            session -> session.transactionResult(transaction -> makeRoom(transaction.dsl()) > 0))
        .orElse(false);
  }

  private boolean hasRoom(DSLContext sql) {
    return sql.fetchCount(DEAD_LETTER) <= ofAll
        && !sql.fetchExists(
            select(DSL.one())
                .from(DEAD_LETTER)
                .groupBy(DEAD_LETTER.TOPIC, DEAD_LETTER.CONSUMER, DEAD_LETTER.REASON_KIND)
                .having(DSL.count().gt(ofOneReason)));
  }

  private int makeRoom(DSLContext transaction) {
    List<SortField<?>> best =
        List.of(
            DSL.iif(DEAD_LETTER.STATE.eq(DeadLetterState.OPEN.word()), DSL.inline(0), DSL.inline(1))
                .asc(),
            DEAD_LETTER.AT.desc(),
            DEAD_LETTER.ID.desc());
    Field<Integer> ofItsReason =
        rowNumber()
            .over()
            .partitionBy(DEAD_LETTER.TOPIC, DEAD_LETTER.CONSUMER, DEAD_LETTER.REASON_KIND)
            .orderBy(best)
            .as("of_its_reason");
    Field<Integer> ofThemAll = rowNumber().over().orderBy(best).as("of_them_all");
    var places = select(DEAD_LETTER.ID, ofItsReason, ofThemAll).from(DEAD_LETTER).asTable("places");
    List<DeadLetterRecord> gone =
        transaction
            .deleteFrom(DEAD_LETTER)
            .where(
                DEAD_LETTER.ID.in(
                    select(places.field(DEAD_LETTER.ID))
                        .from(places)
                        .where(places.field(ofItsReason).gt(ofOneReason))
                        .or(places.field(ofThemAll).gt(ofAll))
                        .limit(BATCH)))
            .returning()
            .fetch();
    gone.stream()
        .filter(row -> row.getState().equals(DeadLetterState.OPEN.word()))
        .collect(Collectors.groupingBy(Reason::of))
        .forEach((reason, rows) -> count(transaction, reason, rows));
    return gone.size();
  }

  private void count(DSLContext transaction, Reason reason, List<DeadLetterRecord> rows) {
    DeadLetterRecord first = rows.stream().min(Comparator.comparing(DeadLetterRecord::getAt)).get();
    DeadLetterRecord last = rows.stream().max(Comparator.comparing(DeadLetterRecord::getAt)).get();
    long all =
        transaction
            .insertInto(UNLISTED_DEAD_LETTER)
            .set(
                Map.of(
                    UNLISTED_DEAD_LETTER.TOPIC, reason.topic(),
                    UNLISTED_DEAD_LETTER.CONSUMER, reason.consumer(),
                    UNLISTED_DEAD_LETTER.REASON_KIND, reason.kind(),
                    UNLISTED_DEAD_LETTER.REASON, last.getReason(),
                    UNLISTED_DEAD_LETTER.LETTERS, (long) rows.size(),
                    UNLISTED_DEAD_LETTER.FIRST_AT, first.getAt(),
                    UNLISTED_DEAD_LETTER.LAST_AT, last.getAt()))
            .onConflict(UNLISTED_DEAD_LETTER.getPrimaryKey().getFields())
            .doUpdate()
            .set(UNLISTED_DEAD_LETTER.REASON, excluded(UNLISTED_DEAD_LETTER.REASON))
            .set(
                UNLISTED_DEAD_LETTER.LETTERS,
                UNLISTED_DEAD_LETTER.LETTERS.plus(excluded(UNLISTED_DEAD_LETTER.LETTERS)))
            .set(
                UNLISTED_DEAD_LETTER.FIRST_AT,
                least(UNLISTED_DEAD_LETTER.FIRST_AT, excluded(UNLISTED_DEAD_LETTER.FIRST_AT)))
            .set(
                UNLISTED_DEAD_LETTER.LAST_AT,
                greatest(UNLISTED_DEAD_LETTER.LAST_AT, excluded(UNLISTED_DEAD_LETTER.LAST_AT)))
            .returning(UNLISTED_DEAD_LETTER.LETTERS)
            .fetchSingle()
            .getLetters();
    unlisted.increment(rows.size());
    if (all == rows.size()) {
      log.warn(
          "more dead letters of one reason than are listed: the older ones are on"
              + " cinch.dead-letter.v1 alone. consumer={} reason=\"{}\"",
          reason.consumer(),
          last.getReason());
    }
  }
}
