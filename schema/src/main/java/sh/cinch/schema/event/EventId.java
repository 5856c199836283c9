package sh.cinch.schema.event;

import java.util.Optional;

/** The {@code ce_id} of a record, by which it is known wherever it is spoken of. */
public final class EventId {

  private EventId() {}

  /** Why a record with this id cannot be used, for the person who sent it; empty where it can. */
  public static Optional<String> objection(String id) {
    try {
      Field.name(id, "ce_id");
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.ofNullable(e.getMessage())
          .map(reason -> reason.replaceFirst("field", "header"));
    }
  }
}
