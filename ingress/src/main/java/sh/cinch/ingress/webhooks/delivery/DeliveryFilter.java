package sh.cinch.ingress.webhooks.delivery;

import static sh.cinch.database.ingress.Tables.DELIVERY;

import java.time.Instant;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/**
 * Which deliveries of a repository are meant.
 *
 * @param ref that it changed, in full
 * @param outcome the one word for it
 * @param after received then or later
 * @param before received earlier
 */
public record DeliveryFilter(
    Optional<String> ref,
    Optional<String> outcome,
    Optional<Instant> after,
    Optional<Instant> before) {

  public static final DeliveryFilter ALL =
      new DeliveryFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  Condition condition() {
    return DSL.and(
        ref.map(name -> DELIVERY.REFS.contains(new String[] {name})).orElseGet(DSL::noCondition),
        outcome.map(DELIVERY.OUTCOME::eq).orElseGet(DSL::noCondition),
        after.map(DELIVERY.RECEIVED_AT::ge).orElseGet(DSL::noCondition),
        before.map(DELIVERY.RECEIVED_AT::lt).orElseGet(DSL::noCondition));
  }
}
