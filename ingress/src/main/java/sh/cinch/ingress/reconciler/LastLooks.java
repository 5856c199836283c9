package sh.cinch.ingress.reconciler;

import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.heads.MissedPushes;
import sh.cinch.service.database.Database;

/** When repositories were last looked at. Blocks. */
public record LastLooks(Database database) {

  /** From the second look until its event is on the topic. */
  private static final Duration TO_PUBLISH = Duration.ofSeconds(10);

  /**
   * The last look at a repository's heads.
   *
   * @param within how long what is missed from then on takes to be found, at the present pace
   */
  public record LastLook(Instant at, Duration within) {}

  /** Empty before the first. */
  public Optional<LastLook> of(UUID repository) {
    return database
        .sql()
        .select(REPOSITORY.HEADS_LOOKED_AT, REPOSITORY.HEADS_DUE_AT)
        .from(REPOSITORY)
        .where(REPOSITORY.ID.eq(repository))
        .and(REPOSITORY.HEADS_LOOKED_AT.isNotNull())
        .and(REPOSITORY.HEADS_DUE_AT.isNotNull())
        .fetchOptional()
        .map(row -> look(row.value1(), row.value2()));
  }

  private static LastLook look(Instant at, Instant due) {
    Duration pause = Duration.between(at, due);
    Duration least = pause.compareTo(LookPace.SHORTEST) < 0 ? LookPace.SHORTEST : pause;
    return new LastLook(at, least.plus(MissedPushes.APART).plus(TO_PUBLISH));
  }
}
