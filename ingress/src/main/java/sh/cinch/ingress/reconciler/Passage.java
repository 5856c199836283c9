package sh.cinch.ingress.reconciler;

import static sh.cinch.database.service.Tables.OUTBOX;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.outbox.Outbox;

/**
 * Waits until all that was under way when something was first seen here has got through: out of the
 * outbox, and from the topic's end into the known heads. For one thread.
 *
 * @param <T> what waits, each of one repository
 */
final class Passage<T> {

  private final Function<T, UUID> repository;
  private final Supplier<Optional<Instant>> recordedUntil;
  private final InstantSource clock;
  private final Map<T, Waiting> waiting = new HashMap<>();

  /**
   * What one waits for.
   *
   * @param outboxEnd the last row of the outbox that may be of a push before it
   * @param drainedAt when all of those that are of its repository had left the outbox
   */
  private record Waiting(long outboxEnd, Optional<Instant> drainedAt) {

    boolean isOver(Instant recordedUntil) {
      return drainedAt.filter(at -> !recordedUntil.isBefore(at)).isPresent();
    }
  }

  /**
   * @param recordedUntil a moment until which all pushes on the topic are among the known heads
   */
  Passage(
      Function<T, UUID> repository,
      Supplier<Optional<Instant>> recordedUntil,
      InstantSource clock) {
    this.repository = repository;
    this.recordedUntil = recordedUntil;
    this.clock = clock;
  }

  /** Those for which it is, of all that wait now; others are forgotten. */
  List<T> through(DSLContext session, Collection<T> all) {
    waiting.keySet().retainAll(all);
    if (all.isEmpty()) {
      return List.of();
    }
    long end = outboxEnd(session);
    all.forEach(one -> waiting.putIfAbsent(one, new Waiting(end, Optional.empty())));
    waiting.replaceAll((one, begun) -> drained(session, one, begun));
    return recordedUntil
        .get()
        .map(until -> all.stream().filter(one -> isThrough(one, until)).toList())
        .orElseGet(List::of);
  }

  private boolean isThrough(T one, Instant recorded) {
    Waiting begun = waiting.get(one);
    return begun != null && begun.isOver(recorded);
  }

  /** Something of a repository has just been put into the outbox: what waits for it begins anew. */
  void isUnderWay(UUID id) {
    waiting.keySet().removeIf(one -> repository.apply(one).equals(id));
  }

  private static long outboxEnd(DSLContext session) {
    return session
        .select(DSL.coalesce(DSL.max(OUTBOX.ID), DSL.inline(0L)))
        .from(OUTBOX)
        .fetchSingle()
        .value1();
  }

  private Waiting drained(DSLContext session, T one, Waiting begun) {
    boolean isDrained =
        begun.drainedAt().isPresent()
            || !session.fetchExists(
                OUTBOX,
                Outbox.of(Topic.PUSH, repository.apply(one).toString())
                    .and(OUTBOX.ID.le(begun.outboxEnd())));
    return isDrained
        ? new Waiting(begun.outboxEnd(), begun.drainedAt().or(() -> Optional.of(clock.instant())))
        : begun;
  }
}
