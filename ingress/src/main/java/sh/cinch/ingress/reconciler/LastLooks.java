package sh.cinch.ingress.reconciler;

import static sh.cinch.database.ingress.Tables.MISSED_PUSH;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.impl.DSL;
import sh.cinch.ingress.heads.MissedPushes;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.BackOff;

/** When repositories were last looked at. Blocks. */
public record LastLooks(Database database) {

  /** From the second look until its event is on the topic. */
  private static final Duration TO_PUBLISH = Duration.ofSeconds(10);

  /**
   * The last look at a repository's heads.
   *
   * @param missed how many refs differ from what was published, and are not published yet
   * @param next when it is due again
   * @param round between two of them, at the present pace
   */
  public record LastLook(Instant at, int missed, Instant next, Duration round) {

    /** How long what is missed from then on takes to be found, at the present pace. */
    public Duration within() {
      return round.plus(MissedPushes.APART).plus(TO_PUBLISH);
    }
  }

  /** Empty before the first. */
  public Optional<LastLook> of(UUID repository) {
    Field<Integer> missed =
        DSL.field(
            DSL.selectCount()
                .from(MISSED_PUSH)
                .where(MISSED_PUSH.REPOSITORY_ID.eq(repository))
                .and(MISSED_PUSH.PUBLISHED_AT.isNull()));
    return database
        .sql()
        .select(REPOSITORY.HEADS_LOOKED_AT, missed, REPOSITORY.HEADS_DUE_AT)
        .from(REPOSITORY)
        .where(REPOSITORY.ID.eq(repository))
        .and(REPOSITORY.HEADS_LOOKED_AT.isNotNull())
        .and(REPOSITORY.HEADS_DUE_AT.isNotNull())
        .fetchOptional()
        .map(row -> look(row.value1(), row.value2(), row.value3()));
  }

  private static LastLook look(Instant at, int missed, Instant due) {
    return new LastLook(
        at, missed, due, BackOff.longer(Duration.between(at, due), LookPace.SHORTEST));
  }
}
