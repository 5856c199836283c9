package sh.cinch.statusworker.storm;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.service.text.EnumWord;

/**
 * What a runner tells of a build.
 *
 * @param status which one, in the order in which they begin
 * @param build of the status; they begin in this order
 * @param step within the build, in which only the last may be its end
 * @param hasNumber whether the runner numbers its builds
 * @param hasSequence whether it numbers what it tells of one
 */
record Report(
    int status,
    int build,
    int step,
    State state,
    boolean hasNumber,
    boolean hasSequence,
    Instant occurredAt) {

  /** As the contract has it, of one status. */
  static final Comparator<Report> NEWER =
      Comparator.comparingInt(Report::build).thenComparingInt(Report::step);

  /** The event's id; as its description it tells on Bitbucket what is shown. */
  String mark() {
    return "s%d-b%d-%d".formatted(status, build, step);
  }

  /** In Bitbucket's words. */
  String shown() {
    return switch (state) {
      case PENDING, RUNNING -> "INPROGRESS";
      case SUCCESS -> "SUCCESSFUL";
      case FAILURE, ERROR -> "FAILED";
      case CANCELLED -> "STOPPED";
    };
  }

  JsonObject json(Place place) {
    JsonObject json =
        new JsonObject()
            .put("repository", new JsonObject().put("id", place.repository().id().toString()))
            .put("commit", place.commit())
            .put("ref", "refs/heads/main")
            .put("key", place.key())
            .put("number", number())
            .put("state", EnumWord.word(state))
            .put("description", mark())
            .put("occurredAt", occurredAt.toString());
    return hasSequence ? json.put("sequence", step) : json;
  }

  private @Nullable String number() {
    return hasNumber ? "%d-%d".formatted(status, build) : null;
  }
}
