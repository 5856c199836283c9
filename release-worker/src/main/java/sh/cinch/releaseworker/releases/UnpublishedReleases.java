package sh.cinch.releaseworker.releases;

import static sh.cinch.database.release_worker.Tables.RELEASE;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record2;
import org.jooq.Result;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;

/**
 * Publishes how releases stand that were changed without it: by release 0.1.0, before the upgrade
 * or beside it.
 */
public final class UnpublishedReleases implements Step {

  private static final Logger log = LoggerFactory.getLogger(UnpublishedReleases.class);
  private static final int BATCH = 50;

  private final Database database;
  private final ReleaseStates states;
  private final ConnectionDirectory connections;
  private final Runnable published;
  private final Set<UUID> unknown = new HashSet<>();

  /**
   * @param published told after each batch: there is something to send
   */
  public UnpublishedReleases(
      Database database,
      ReleaseStates states,
      ConnectionDirectory connections,
      Runnable published) {
    this.database = database;
    this.states = states;
    this.connections = connections;
    this.published = published;
  }

  @Override
  public boolean run() {
    Result<Record2<String, UUID>> found =
        database
            .sql()
            .select(RELEASE.ID, RELEASE.REPOSITORY_ID)
            .from(RELEASE)
            .where(ReleaseStates.UNPUBLISHED)
            .and(RELEASE.REPOSITORY_ID.notIn(unknown))
            .orderBy(RELEASE.RECORDED_AT)
            .limit(BATCH)
            .fetch();
    // Before the transaction: this may wait for Kafka.
    Map<UUID, Repository> repositories = new HashMap<>();
    Set.copyOf(found.getValues(RELEASE.REPOSITORY_ID)).forEach(id -> look(id, repositories));
    if (repositories.isEmpty()) {
      return !found.isEmpty();
    }
    int count =
        database.transaction(
            transaction -> publish(transaction, found.getValues(RELEASE.ID), repositories));
    if (count > 0) {
      log.info("releases={} were changed without being published, and are now", count);
      published.run();
    }
    return count == BATCH;
  }

  private void look(UUID id, Map<UUID, Repository> repositories) {
    connections
        .find(RepositoryRef.byId(id))
        .ifPresentOrElse(
            connection -> repositories.put(id, connection.repository()),
            () -> {
              unknown.add(id);
              log.warn(
                  "repository={} is not on {}: how its releases stand is not published",
                  id,
                  Topic.CONNECTION.name());
            });
  }

  /** Passes over those that are being changed: whoever does that publishes them, or they stay. */
  private int publish(
      DSLContext transaction, List<String> releases, Map<UUID, Repository> repositories) {
    Result<Record2<String, UUID>> locked =
        transaction
            .select(RELEASE.ID, RELEASE.REPOSITORY_ID)
            .from(RELEASE)
            .where(RELEASE.ID.in(releases))
            .and(ReleaseStates.UNPUBLISHED)
            .and(RELEASE.REPOSITORY_ID.in(repositories.keySet()))
            .orderBy(RELEASE.RECORDED_AT)
            .forUpdate()
            .skipLocked()
            .fetch();
    locked.forEach(
        row ->
            states.publish(
                transaction, row.value1(), Objects.requireNonNull(repositories.get(row.value2()))));
    return locked.size();
  }
}
