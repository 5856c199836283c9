package sh.cinch.service.due;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.TableField;
import org.jooq.UpdatableRecord;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.due.DueRows.Due;

/**
 * Claims due rows so that no repository and no credential takes what others need, however much it
 * has due: whoever has least under way comes first, then whoever waits longest, since it is due or
 * since the end of its last turn. Each instance shares its own attempts out, so what holds in each
 * holds in all together.
 */
public final class FairClaims<R extends UpdatableRecord<R>> {

  /** Further repositories wait for the next look. */
  private static final int LOOKED_AT = 500;

  private final DueRows<R> due;
  private final TableField<R, UUID> repository;
  private final Turns<UUID> repositories = new Turns<>();
  private final Turns<String> credentials = new Turns<>();
  private final Set<UUID> having = new HashSet<>();
  private @Nullable UUID lookedAt;

  /**
   * @param repository of a row; there is an index of it and of when the row is due
   */
  public FairClaims(DueRows<R> due, TableField<R, UUID> repository) {
    this.due = due;
    this.repository = repository;
  }

  /**
   * Takes what there is room for. For one thread at a time.
   *
   * @param hold how long an attempt may take; afterwards the row is anybody's
   */
  public List<R> claim(DSLContext sql, Room room, Duration hold) {
    // A turn lasts until the first look that does not find it under way.
    having.forEach(one -> hadItsTurn(one, room));
    having.clear();
    having.addAll(room.underWay());
    if (!due.isAnyDue(sql)) {
      return List.of();
    }
    Slots slots = new Slots(room);
    UUID begun = lookedAt;
    boolean isFromTheFirst = begun == null;
    // Each at most once: on to the last, then from the first to where it began.
    while (true) {
      UUID end = isFromTheFirst ? begun : null;
      List<Due<UUID>> some = due.due(sql, repository, lookedAt, end, LOOKED_AT, room.free());
      boolean isEnd = some.size() < LOOKED_AT;
      lookedAt = isEnd ? end : some.getLast().owner();
      List<R> claimed = due.claim(sql, repository, share(some, slots), hold);
      claimed.forEach(row -> having.add(row.get(repository)));
      if (!claimed.isEmpty() || (isEnd && isFromTheFirst)) {
        return claimed;
      }
      isFromTheFirst |= isEnd;
    }
  }

  private static Instant since(Due<UUID> one) {
    return Objects.requireNonNull(one.since());
  }

  private void hadItsTurn(UUID one, Room room) {
    repositories.had(one, due.now());
    credentials.had(room.credential().apply(one), due.now());
  }

  /** How many of each. */
  private Map<UUID, Integer> share(List<Due<UUID>> some, Slots slots) {
    Map<UUID, Integer> shares = new LinkedHashMap<>();
    List<Due<UUID>> waiting = new ArrayList<>(some);
    while (true) {
      waiting.removeIf(
          one -> one.many() == shares.getOrDefault(one.owner(), 0) || !slots.mayTake(one.owner()));
      Optional<UUID> next =
          waiting.stream()
              .min(
                  Comparator.<Due<UUID>>comparingInt(one -> slots.ofItsCredential(one.owner()))
                      .thenComparingInt(one -> slots.of(one.owner()))
                      .thenComparing(
                          one -> credentials.waitsSince(slots.credential(one.owner()), since(one)))
                      .thenComparing(one -> repositories.waitsSince(one.owner(), since(one))))
              .map(Due::owner);
      if (next.isEmpty()) {
        return shares;
      }
      slots.take(next.get());
      shares.merge(next.get(), 1, Integer::sum);
    }
  }
}
