package sh.cinch.statusworker.post;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Forges;
import sh.cinch.forge.Purpose;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;
import sh.cinch.statusworker.statuses.WaitingStatuses;

/**
 * Goes on with what waits for a forge's limit as soon, and as far, as the forge takes requests of
 * its account: final states first.
 */
public final class Resumption implements Step {

  private static final int REPOSITORIES = 1000;
  private static final UUID FIRST = new UUID(0, 0);

  private final Database database;
  private final WaitingStatuses waiting;
  private final ConnectionDirectory connections;
  private final Forges forges;
  private final int atOnce;
  private final Runnable brought;
  private UUID lookedAt = FIRST;

  /**
   * @param atOnce of one account; the rest comes with the next looks, and may then be somebody
   *     else's
   * @param brought told where something has become due
   */
  public Resumption(
      Database database,
      WaitingStatuses waiting,
      ConnectionDirectory connections,
      Forges forges,
      int atOnce,
      Runnable brought) {
    this.database = database;
    this.waiting = waiting;
    this.connections = connections;
    this.forges = forges;
    this.atOnce = atOnce;
    this.brought = brought;
  }

  @Override
  public boolean run() {
    List<UUID> repositories = waiting.repositories(database.sql(), lookedAt, REPOSITORIES);
    lookedAt = repositories.size() < REPOSITORIES ? FIRST : repositories.getLast();
    // So that of one account none is always first.
    Collections.shuffle(repositories);
    Map<String, Integer> begun = new HashMap<>();
    repositories.forEach(repository -> bringForward(repository, Purpose.FINAL_STATUS, begun));
    repositories.forEach(repository -> bringForward(repository, Purpose.START_STATUS, begun));
    if (!begun.isEmpty()) {
      brought.run();
    }
    return false;
  }

  /** What nothing is known of waits until it is due, and so does what another credential began. */
  private void bringForward(UUID repository, Purpose purpose, Map<String, Integer> begun) {
    connections
        .known(repository)
        .ifPresent(
            connection -> {
              UUID credential = connection.credentialId();
              if (credential != null) {
                bringForward(connection.repository(), credential, purpose, begun);
              }
            });
  }

  private void bringForward(
      Repository repository, UUID credential, Purpose purpose, Map<String, Integer> begun) {
    if (forges.allowance(repository, credential, purpose)
        instanceof Allowance.Some(String identity, int most, Allowance.None beyond)) {
      int some = Math.min(most, atOnce) - begun.getOrDefault(identity, 0);
      if (some > 0) {
        int many =
            waiting.bringForward(
                database.sql(), repository.id(), credential, purpose == Purpose.FINAL_STATUS, some);
        if (many > 0) {
          begun.merge(identity, many, Integer::sum);
        }
      }
    }
  }
}
