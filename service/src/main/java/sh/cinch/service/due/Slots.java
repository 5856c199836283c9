package sh.cinch.service.due;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Shares attempts out among repositories, and the accounts that these are asked in the name of: a
 * repository has at most as many as are free, an account at most twice as many. So one alone has
 * half of them and two thirds, and there is one left for whoever has none, until that many want
 * some.
 */
final class Slots {

  private final Room room;
  private final Map<UUID, String> accounts = new HashMap<>();
  private final Map<UUID, Integer> ofRepositories = new HashMap<>();
  private final Map<String, Integer> ofAccounts = new HashMap<>();
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
    return of(repository) < free && ofItsAccount(repository) < 2 * free;
  }

  int of(UUID repository) {
    return ofRepositories.getOrDefault(repository, 0);
  }

  int ofItsAccount(UUID repository) {
    return ofAccounts.getOrDefault(account(repository), 0);
  }

  private void hold(UUID repository) {
    ofRepositories.merge(repository, 1, Integer::sum);
    ofAccounts.merge(account(repository), 1, Integer::sum);
  }

  private String account(UUID repository) {
    return accounts.computeIfAbsent(repository, room.account());
  }
}
