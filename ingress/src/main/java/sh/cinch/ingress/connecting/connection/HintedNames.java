package sh.cinch.ingress.connecting.connection;

import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.webhooks.delivery.NameHints;
import sh.cinch.service.database.Database;

/**
 * Writes down that a signed delivery calls a repository otherwise, so that {@link RepositoryNames}
 * asks the forge.
 */
public final class HintedNames implements NameHints {

  private static final Logger log = LoggerFactory.getLogger(HintedNames.class);

  private final Database database;
  private final InstantSource clock;
  private final Runnable due;

  /**
   * @param due there may be a name to ask for
   */
  public HintedNames(Database database, InstantSource clock, Runnable due) {
    this.database = database;
    this.clock = clock;
    this.due = due;
  }

  /** Loses nothing but a hint. */
  @Override
  public void called(UUID repository, String name) {
    Thread.ofVirtual()
        .name("repository-names")
        .start(
            () -> {
              try {
                if (hint(repository, name)) {
                  due.run();
                }
              } catch (DataAccessException e) {
                log.debug("hint lost, repository={}", repository, e);
              }
            });
  }

  private boolean hint(UUID repository, String name) {
    Instant now = clock.instant();
    return database
            .sql()
            .update(REPOSITORY)
            .set(REPOSITORY.HINTED_NAME, FullName.of(name).orElse(null))
            .set(REPOSITORY.NAME_DUE_AT, now)
            .where(REPOSITORY.ID.eq(repository))
            .and(
                REPOSITORY
                    .NAME_ASKED_AT
                    .isNull()
                    .or(
                        REPOSITORY.NAME_ASKED_AT.lt(
                            now.minus(RepositoryNames.ASKED_AT_MOST_EVERY))))
            .execute()
        == 1;
  }
}
