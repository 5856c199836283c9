package sh.cinch.statusworker.statuses;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import sh.cinch.database.status_worker.tables.records.StatusRecord;

/**
 * A build left running without a word. Its status is shown as stopped until more is heard of it;
 * what the runner said stays what is wanted.
 *
 * @param heardAt when the last word came
 * @param foundAt when that was long enough ago
 */
public record Orphan(Instant heardAt, Instant foundAt) {

  static Optional<Orphan> of(StatusRecord row) {
    Instant heardAt = row.getHeardAt();
    Instant foundAt = row.getOrphanedAt();
    return heardAt == null || foundAt == null
        ? Optional.empty()
        : Optional.of(new Orphan(heardAt, foundAt));
  }

  /** For how long there was no word when it was found, in words: {@code 24 hours}. */
  public String silence() {
    long hours = Duration.between(heardAt, foundAt).toHours();
    return hours == 1 ? "1 hour" : hours + " hours";
  }

  /** For the person who reported. */
  String warning() {
    return "no word from the build for %s: shown as stopped until it reports again"
        .formatted(silence());
  }
}
