package sh.cinch.service.due;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Shares attempts out among repositories, and the credentials that these are asked with: a
 * repository has at most as many as are free, a credential at most twice as many. So one alone has
 * half of them and two thirds, and there is one left for whoever has none, until that many want
 * some.
 */
final class Slots {

  private final Room room;
  private final Map<UUID, String> credentials = new HashMap<>();
  private final Map<UUID, Integer> ofRepositories = new HashMap<>();
  private final Map<String, Integer> ofCredentials = new HashMap<>();
  private int free;

  Slots(Room room) {
    this.room = room;
    this.free = room.free();
    room.underWay().forEach(this::hold);
  }

  /** One of the free ones. */
  void take(UUID repository) {
    hold(repository);
    free--;
  }

  boolean mayTake(UUID repository) {
    return of(repository) < free && ofItsCredential(repository) < 2 * free;
  }

  int of(UUID repository) {
    return ofRepositories.getOrDefault(repository, 0);
  }

  int ofItsCredential(UUID repository) {
    return ofCredentials.getOrDefault(credential(repository), 0);
  }

  private void hold(UUID repository) {
    ofRepositories.merge(repository, 1, Integer::sum);
    ofCredentials.merge(credential(repository), 1, Integer::sum);
  }

  String credential(UUID repository) {
    return credentials.computeIfAbsent(repository, room.credential());
  }
}
