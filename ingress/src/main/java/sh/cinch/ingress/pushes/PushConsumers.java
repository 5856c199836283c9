package sh.cinch.ingress.pushes;

import static sh.cinch.database.ingress.Tables.API_TOKEN;
import static sh.cinch.database.ingress.Tables.PUSH_CONSUMER;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import sh.cinch.database.ingress.tables.records.PushConsumerRecord;
import sh.cinch.ingress.pushes.PushConsumer.OpenBatch;
import sh.cinch.service.database.Database;
import sh.cinch.service.http.Problem;

/** The rows of consumers, which all instances share. Blocks. */
record PushConsumers(Database database, InstantSource clock) {

  /** Of one token; a few more where they are begun at the same moment. */
  static final int MOST = 50;

  /** Not every request of a busy runner need write. */
  private static final Duration USE_NOTED = Duration.ofMinutes(10);

  Optional<PushConsumer> find(ConsumerName who) {
    return database
        .sql()
        .selectFrom(PUSH_CONSUMER)
        .where(is(who))
        .fetchOptional()
        .map(PushConsumers::consumer);
  }

  /**
   * Begins one, unless somebody just has.
   *
   * @throws Problem 409 where the token has too many, 401 where it was just revoked
   */
  void begin(ConsumerName who, PushCursor position) {
    database.write(
        sql -> {
          requireStanding(sql, who);
          int others = sql.fetchCount(PUSH_CONSUMER, PUSH_CONSUMER.TOKEN_HASH.eq(who.tokenHash()));
          if (others >= MOST) {
            throw new Problem(
                409,
                "Too many consumers",
                "A token has %d consumers at most, and one that is not used is forgotten after %d days. Use one of their names, or another token."
                    .formatted(MOST, Pushes.IDLE_KEPT.toDays()));
          }
          sql.insertInto(PUSH_CONSUMER)
              .set(PUSH_CONSUMER.TOKEN_HASH, who.tokenHash())
              .set(PUSH_CONSUMER.NAME, who.name())
              .set(PUSH_CONSUMER.POSITION, position.text())
              .set(PUSH_CONSUMER.VERSION, 1L)
              .set(PUSH_CONSUMER.USED_AT, clock.instant())
              .onConflictDoNothing()
              .execute();
        });
  }

  /** Until the transaction ends: whoever revokes it then forgets this one, too. */
  private static void requireStanding(DSLContext sql, ConsumerName who) {
    sql.selectFrom(API_TOKEN)
        .where(API_TOKEN.TOKEN_HASH.eq(who.tokenHash()))
        .forShare()
        .fetchOptional()
        .filter(token -> token.getRevokedAt() != null)
        .ifPresent(
            revoked -> {
              throw new Problem(401, "Not signed in", "The API token was revoked.");
            });
  }

  /** False where it is not as it was seen any more: somebody was faster. */
  boolean change(
      ConsumerName who, PushConsumer seen, PushCursor position, Optional<OpenBatch> open) {
    return database
            .sql()
            .update(PUSH_CONSUMER)
            .set(PUSH_CONSUMER.POSITION, position.text())
            .set(PUSH_CONSUMER.BATCH_END, open.map(batch -> batch.end().text()).orElse(null))
            .set(PUSH_CONSUMER.BATCH_FREE_AT, open.map(OpenBatch::freeAt).orElse(null))
            .set(PUSH_CONSUMER.VERSION, seen.version() + 1)
            .set(PUSH_CONSUMER.USED_AT, clock.instant())
            .where(is(who))
            .and(PUSH_CONSUMER.VERSION.eq(seen.version()))
            .execute()
        == 1;
  }

  void noteUse(ConsumerName who, PushConsumer seen) {
    Instant now = clock.instant();
    if (seen.usedAt().isBefore(now.minus(USE_NOTED))) {
      database.sql().update(PUSH_CONSUMER).set(PUSH_CONSUMER.USED_AT, now).where(is(who)).execute();
    }
  }

  /** All of a token. */
  static void forget(DSLContext sql, byte[] tokenHash) {
    sql.deleteFrom(PUSH_CONSUMER).where(PUSH_CONSUMER.TOKEN_HASH.eq(tokenHash)).execute();
  }

  private static Condition is(ConsumerName who) {
    return PUSH_CONSUMER.TOKEN_HASH.eq(who.tokenHash()).and(PUSH_CONSUMER.NAME.eq(who.name()));
  }

  private static PushConsumer consumer(PushConsumerRecord row) {
    return new PushConsumer(
        PushCursor.of(row.getPosition()),
        Optional.ofNullable(row.getBatchEnd())
            .map(end -> new OpenBatch(PushCursor.of(end), row.getBatchFreeAt())),
        row.getVersion(),
        row.getUsedAt());
  }
}
