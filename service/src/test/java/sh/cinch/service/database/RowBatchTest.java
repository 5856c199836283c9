package sh.cinch.service.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.service.Tables.OUTBOX;

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
