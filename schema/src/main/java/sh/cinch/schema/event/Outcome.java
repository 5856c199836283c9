package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of something Cinch sent out ({@code cinch.outcome.v1}).
 *
 * @param httpStatus the forge's last answer; null where there was none
 * @param attempts requests made for it so far
 * @param reason in words, where it was not delivered
 * @param latencyMs from the record that asked for it to the forge's answer
 * @param warnings what the person who asked should know all the same
 * @param ref of a status; null where no record of it named one
 * @param number of the build
 * @param shownKey the key that a status has on the forge
 * @param deliveryId of the webhook request that brought the push; null where it is not known
 * @param pushId {@code ce_id} of the push event; null where it is not known
 * @param requests made to the forge for it, the newest last; at most {@link #MOST_REQUESTS}
 * @param causedBy {@code ce_id} of the record that asked for it
 */
public record Outcome(
    Kind kind,
    Repository repository,
    @Nullable String commit,
    @Nullable String key,
    @Nullable String tag,
    @Nullable String file,
    @JsonProperty("outcome") Result result,
    @Nullable Integer httpStatus,
    int attempts,
    @Nullable String reason,
    @Nullable Long latencyMs,
    List<String> warnings,
    @Nullable String ref,
    @Nullable String number,
    @Nullable String shownKey,
    @Nullable String deliveryId,
    @Nullable String pushId,
    List<ForgeRequest> requests,
    @Nullable String causedBy,
    Instant at) {

  public static final int MOST_REQUESTS = 20;

  /** What was sent out. */
  public enum Kind {
    @JsonProperty("status")
    STATUS,
    @JsonProperty("release-file")
    RELEASE_FILE,
    @JsonProperty("release")
    RELEASE
  }

  /** How it ended; {@code waiting} says that it has not yet and why. */
  public enum Result {
    @JsonProperty("delivered")
    DELIVERED,
    @JsonProperty("superseded")
    SUPERSEDED,
    @JsonProperty("waiting")
    WAITING,
    @JsonProperty("failed")
    FAILED
  }

  public Outcome {
    required(kind, "kind");
    required(repository, "repository");
    commit = Field.optionalCommit(commit, "commit");
    key = Field.optionalName(key, "key");
    tag = tag == null ? null : Field.name(tag, "tag", Limits.TAG);
    file = Field.optionalName(file, "file");
    required(result, "outcome");
    reason = Field.optionalShown(reason, Limits.REASON);
    warnings = Field.warnings(warnings);
    ref = Field.ref(ref, "ref");
    number = Field.optionalName(number, "number");
    shownKey = Field.optionalName(shownKey, "shownKey");
    deliveryId = Field.optionalName(deliveryId, "deliveryId");
    pushId = Field.optionalName(pushId, "pushId");
    requests =
        requests == null
            ? List.of()
            : List.copyOf(
                requests.subList(Math.max(0, requests.size() - MOST_REQUESTS), requests.size()));
    causedBy = Field.optionalName(causedBy, "causedBy");
    required(at, "at");
  }
}
