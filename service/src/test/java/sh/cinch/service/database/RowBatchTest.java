package sh.cinch.service.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.DEAD_LETTER;
import static sh.cinch.database.service.Tables.OUTBOX;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.DSLContext;
import org.jooq.ExecuteListener;
import org.jooq.JSONB;
import org.jooq.Record1;
import org.jooq.Result;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import sh.cinch.database.ingress.tables.records.DeadLetterRecord;
import sh.cinch.database.service.tables.records.OutboxRecord;
import sh.cinch.service.Backends;

class RowBatchTest {

  private final String writer = "rows " + UUID.randomUUID();
  private final AtomicInteger rendered = new AtomicInteger();
  private final DSLContext sql =
      DSL.using(
          Backends.context()
              .database()
              .sql()
              .configuration()
              .derive(ExecuteListener.onRenderEnd(each -> rendered.incrementAndGet())));

  @Test
  void rowsOfOneKindAreInsertedInTheirOrderByAStatementRenderedOnce() {
    RowBatch.insert(sql, List.of(row("a"), row("b"), row("c"), row("d")));

    assertThat(words()).containsExactly("a", "b", "c", "d");
    assertThat(rendered).hasValue(2); // with the look
  }

  @Test
  void whatWasTouchedOfEachIsChangedAndNothingElse() {
    RowBatch.insert(sql, List.of(row("a"), row("b"), row("c"), row("d")));
    Result<OutboxRecord> rows = rows();
    rows.get(0).setValue("A".getBytes(UTF_8));
    rows.get(1).setValue("B".getBytes(UTF_8));
    rows.get(2).setTopic("elsewhere");
    // What another has changed meanwhile stays.
    sql.update(OUTBOX)
        .set(OUTBOX.TOPIC, "meanwhile")
        .where(OUTBOX.WRITER.eq(writer))
        .and(OUTBOX.VALUE.eq("a".getBytes(UTF_8)))
        .execute();

    RowBatch.update(sql, rows);

    assertThat(words()).containsExactly("A", "B", "c", "d");
    assertThat(rows().getValues(OUTBOX.TOPIC))
        .containsExactly("meanwhile", "topic", "elsewhere", "topic");
    assertThat(rows).noneMatch(OutboxRecord::touched);
  }

  @Test
  void whatARowHasComesBackWhateverItIs() {
    DeadLetterRecord full = letter();
    full.setAt(Instant.parse("2026-11-24T12:00:00.123456Z"));
    full.setRecordKey("a \\ \" , { } ' key");
    full.setRepositoryId(UUID.randomUUID());
    full.setCut(new String[] {"", "a,b", "\"", "\\", "null", "{}", "ä€𝄞"});
    full.setSettledAt(Instant.parse("1999-12-31T23:59:59Z"));
    DeadLetterRecord bare = letter();
    bare.setRecordKey(null);
    bare.setRepositoryId(null);
    bare.setSettledAt(null);

    RowBatch.insert(sql, List.of(full, bare));
    assertThat(letter(full.getId())).isEqualTo(full);
    assertThat(letter(bare.getId())).isEqualTo(bare);

    full.setCut(new String[0]);
    full.setRecordKey(null);
    bare.setCut(new String[] {"other"});
    bare.setRecordKey("now");
    RowBatch.update(sql, List.of(full, bare));
    assertThat(letter(full.getId())).isEqualTo(full);
    assertThat(letter(bare.getId())).isEqualTo(bare);
  }

  private DeadLetterRecord letter() {
    DeadLetterRecord row = new DeadLetterRecord();
    row.setId("topic-0-" + UUID.randomUUID());
    row.setTopic("topic");
    row.setRecordPartition(Integer.MIN_VALUE);
    row.setRecordOffset(Long.MAX_VALUE);
    row.setLetterPartition(0);
    row.setLetterOffset(-1L);
    row.setConsumer(writer);
    row.setReason("");
    row.setReasonKind("kind");
    row.setAt(Instant.EPOCH);
    row.setRecordKey("key");
    row.setRepositoryId(UUID.randomUUID());
    row.setBytes(0);
    row.setCut(new String[0]);
    row.setState("open");
    row.setSettledAt(Instant.EPOCH);
    return row;
  }

  private DeadLetterRecord letter(String id) {
    return sql.selectFrom(DEAD_LETTER).where(DEAD_LETTER.ID.eq(id)).fetchSingle();
  }

  @Test
  void nothingIsWrittenByNoStatement() {
    RowBatch.insert(sql, List.<OutboxRecord>of());
    OutboxRecord untouched = row("a");
    untouched.touched(false);
    RowBatch.update(sql, List.of(untouched));

    assertThat(rendered).hasValue(0);
  }

  private List<String> words() {
    return sql
        .select(OUTBOX.VALUE)
        .from(OUTBOX)
        .where(OUTBOX.WRITER.eq(writer))
        .orderBy(OUTBOX.ID)
        .fetch(Record1::value1)
        .stream()
        .map(value -> new String(value, UTF_8))
        .toList();
  }

  private Result<OutboxRecord> rows() {
    return sql.selectFrom(OUTBOX).where(OUTBOX.WRITER.eq(writer)).orderBy(OUTBOX.ID).fetch();
  }

  private OutboxRecord row(String word) {
    OutboxRecord row = new OutboxRecord();
    row.setWriter(writer);
    row.setTopic("topic");
    row.setRecordKey(word.getBytes(UTF_8));
    row.setHeaders(JSONB.valueOf("[]"));
    row.setValue(word.getBytes(UTF_8));
    return row;
  }
}
