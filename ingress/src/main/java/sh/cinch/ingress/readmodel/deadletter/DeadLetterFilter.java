package sh.cinch.ingress.readmodel.deadletter;

import static sh.cinch.database.ingress.Tables.DEAD_LETTER;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/**
 * Which dead letters are meant. What is empty leaves out none.
 *
 * @param reason a part of it, in small letters or capitals
 * @param since the first moment
 * @param until the last moment
 */
public record DeadLetterFilter(
    Optional<String> topic,
    Optional<String> consumer,
    Optional<NamedRepository> repository,
    Optional<String> reason,
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<DeadLetterState> state) {

  /**
   * A repository, which records may name either way.
   *
   * @param id empty where Cinch knows none of this name
   * @param names full names
   */
  public record NamedRepository(Optional<UUID> id, List<String> names) {

    Condition isNamed() {
      return DSL.or(
          id.map(DEAD_LETTER.REPOSITORY_ID::eq).orElse(DSL.falseCondition()),
          DSL.lower(DEAD_LETTER.REPOSITORY_NAME)
              .in(names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList()));
    }
  }

  /** Whether it leaves out none, whatever their state. */
  public boolean isOfAll() {
    return Stream.of(topic, consumer, repository, reason, since, until).allMatch(Optional::isEmpty);
  }

  /** The same of those that nothing was done about. */
  public DeadLetterFilter open() {
    return new DeadLetterFilter(
        topic, consumer, repository, reason, since, until, Optional.of(DeadLetterState.OPEN));
  }

  /** The same of those that were given up then or before. */
  DeadLetterFilter until(Instant last) {
    return new DeadLetterFilter(
        topic,
        consumer,
        repository,
        reason,
        since,
        Optional.of(until.filter(last::isAfter).orElse(last)),
        state);
  }

  Condition condition() {
    return DSL.and(
        Stream.of(
                topic.map(DEAD_LETTER.TOPIC::eq),
                consumer.map(DEAD_LETTER.CONSUMER::eq),
                repository.map(NamedRepository::isNamed),
                reason.map(DEAD_LETTER.REASON::containsIgnoreCase),
                since.map(DEAD_LETTER.AT::ge),
                until.map(DEAD_LETTER.AT::le),
                state.map(DeadLetterState::word).map(DEAD_LETTER.STATE::eq))
            .flatMap(Optional::stream)
            .toList());
  }
}
