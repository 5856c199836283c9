package sh.cinch.statusworker.statuses;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;

/**
 * Moves over the statuses of release 0.1.0 that nothing else touches, so that they are posted and
 * published. Goes with its tables one release later.
 */
public final class FormerStatuses implements Step {

  private static final Logger log = LoggerFactory.getLogger(FormerStatuses.class);
  private static final int AT_ONCE = 100;

  private final Database database;
  private final CommitStatuses statuses;
  private final ConnectionDirectory connections;
  private final Runnable moved;
  private final Set<CommitKey> left = new HashSet<>();

  /**
   * @param moved told after each batch: statuses may be due, states may have to be sent
   */
  public FormerStatuses(
      Database database, CommitStatuses statuses, ConnectionDirectory connections, Runnable moved) {
    this.database = database;
    this.statuses = statuses;
    this.connections = connections;
    this.moved = moved;
  }

  @Override
  public boolean run() {
    List<CommitKey> keys =
        FormerStatus.keys(database.sql(), AT_ONCE + left.size()).stream()
            .filter(key -> !left.contains(key))
            .toList();
    for (CommitKey key : keys) {
      Optional<ConnectionEvent> connection = connections.find(RepositoryRef.byId(key.repository()));
      if (connection.isPresent()) {
        database.write(
            transaction -> statuses.move(transaction, connection.get().repository(), key));
      } else {
        left.add(key);
        log.warn("a status is left where it was, its repository is not known: {}", key);
      }
    }
    if (!keys.isEmpty()) {
      moved.run();
    }
    return keys.size() >= AT_ONCE;
  }
}
