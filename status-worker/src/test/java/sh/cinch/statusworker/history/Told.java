package sh.cinch.statusworker.history;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A build state as a runner told it.
 *
 * @param mark stands in its description, and so on Bitbucket: by it every post leads back to what
 *     it shows
 * @param lane records of one lane have one record key, and so keep their order
 * @param key null where the runner gave none
 * @param ref as the runner wrote it
 * @param url null where the runner named none
 * @param takenAt the broker's time
 */
record Told(
    String mark,
    int lane,
    String commit,
    @Nullable String key,
    @Nullable String ref,
    @Nullable String number,
    String state,
    @Nullable Long sequence,
    Instant occurredAt,
    @Nullable String name,
    @Nullable String url,
    Instant takenAt) {

  private static final Duration TOLERATED = Duration.ofMinutes(5);

  /** Nobody's wrong clock moves it further into the future than five minutes. */
  Instant when() {
    return occurredAt.isAfter(takenAt.plus(TOLERATED)) ? takenAt : occurredAt;
  }

  /** Absent, null and empty are one; without {@code refs/} it is a branch. */
  String fullRef() {
    if (ref == null || ref.isEmpty()) {
      return "";
    }
    return ref.startsWith("refs/") ? ref : "refs/heads/" + ref;
  }

  boolean isEnd() {
    return !state.equals("pending") && !state.equals("running");
  }

  /** In Bitbucket's words. */
  String shown() {
    return switch (state) {
      case "pending", "running" -> "INPROGRESS";
      case "success" -> "SUCCESSFUL";
      case "failure", "error" -> "FAILED";
      case "cancelled" -> "STOPPED";
      default -> throw new IllegalArgumentException(state);
    };
  }

  Told taken(Instant by) {
    return new Told(
        mark, lane, commit, key, ref, number, state, sequence, occurredAt, name, url, by);
  }

  @Override
  public String toString() {
    return "%s lane=%d ref=%s number=%s %s sequence=%s at=%s%s"
        .formatted(
            mark,
            lane,
            ref == null ? "none" : "'" + ref + "'",
            number,
            state,
            sequence,
            occurredAt,
            when().equals(occurredAt) ? "" : " counts as " + when());
  }
}
