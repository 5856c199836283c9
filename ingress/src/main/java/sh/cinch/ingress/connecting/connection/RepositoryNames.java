package sh.cinch.ingress.connecting.connection;

import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.ingress.tables.records.RepositoryRecord;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeResult.Done;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Repositories;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.DueRows;
import sh.cinch.service.due.Step;

/**
 * Keeps what connected repositories are called as the forge has it, which is asked upon {@link
 * HintedNames hints}; nothing of a payload becomes a name.
 */
public final class RepositoryNames implements Step {

  private static final Logger log = LoggerFactory.getLogger(RepositoryNames.class);

  /** Payloads under way still have the old name for a while, and anybody's may have any. */
  static final Duration ASKED_AT_MOST_EVERY = Duration.ofMinutes(10);

  private static final Duration CLAIM = Duration.ofMinutes(1);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int AT_ONCE = 5;

  private final Database database;
  private final Connections connections;
  private final Forge forge;
  private final InstantSource clock;
  private final Runnable told;
  private final DueRows<RepositoryRecord> due;

  /**
   * @param told there may be events to send
   */
  public RepositoryNames(
      Database database, Connections connections, Forge forge, InstantSource clock, Runnable told) {
    this.database = database;
    this.connections = connections;
    this.forge = forge;
    this.clock = clock;
    this.told = told;
    this.due = new DueRows<>(REPOSITORY, REPOSITORY.NAME_DUE_AT, REPOSITORY.NAME_CLAIM, clock);
  }

  public Duration every() {
    return LOOK;
  }

  @Override
  public boolean run() {
    List<RepositoryRecord> claimed =
        due.claim(
            database.sql(), REPOSITORY.STATE.eq(Connection.State.CONNECTED.word()), AT_ONCE, CLAIM);
    claimed.forEach(this::ask);
    return claimed.size() == AT_ONCE;
  }

  private void ask(RepositoryRecord row) {
    Connection connection = Connections.connection(row);
    Optional<ForgeResult<Found>> result =
        connection.credential().map(used -> ask(connection, used.id(), row.getHintedName()));
    boolean isNews =
        database.transaction(
            transaction -> {
              Instant now = clock.instant();
              boolean isLater =
                  result.filter(asked -> asked instanceof ForgeResult.Later<Found>).isPresent();
              due.settle(
                  transaction,
                  row,
                  Map.of(REPOSITORY.NAME_ASKED_AT, now),
                  isLater ? now.plus(ASKED_AT_MOST_EVERY) : null);
              return result
                  .filter(Done.class::isInstance)
                  .map(asked -> ((Done<Found>) asked).value())
                  .filter(found -> found.uuid().equalsIgnoreCase(connection.uuid()))
                  .filter(found -> FullName.of(found.fullName()).isPresent())
                  .filter(found -> connections.named(transaction, connection.id(), found))
                  .isPresent();
            });
    if (isNews) {
      log.info("repository={} is named anew", connection.id());
      told.run();
    }
  }

  /**
   * By its uuid, in the workspace it is known to be in, else in the one it is said to have gone to.
   */
  private ForgeResult<Found> ask(Connection connection, UUID credential, String hintedName) {
    Repositories repositories =
        forge.open(ForgeCaller.once(credential, Purpose.NAMES)).repositories();
    ForgeRepository known = connection.address();
    ForgeResult<Found> result = repositories.find(known);
    return Stream.ofNullable(result instanceof Done<Found> ? null : hintedName)
        .filter(name -> ForgeRepository.named(name).isPresent())
        .map(name -> repositories.find(known.saidToBe(name)))
        .findFirst()
        .orElse(result);
  }
}
