package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a commit status stands now ({@code cinch.commit-status.v1}). One status is (repository,
 * commit, key, ref).
 *
 * @param ref null where no record of it named one
 * @param version rises by one with each change; lower ones are to be ignored
 * @param wanted what it should show, in the runner's word
 * @param since when {@code wanted} became so
 * @param shown what the forge last confirmed; null until it has
 * @param nextTryAt when it is tried next; null where nothing is to be tried
 * @param httpStatus the forge's last answer; null where there was none
 * @param attempts requests made for what is wanted
 * @param reason in words, where it is not delivered
 * @param url where the build can be looked at; null where there is no address, or a too long one
 * @param warnings what had to be changed, for the person who reported
 * @param deliveryId of the webhook request that brought the push; null where it is not known
 * @param pushId {@code ce_id} of the push event; null where it is not known
 * @param causedBy {@code ce_id} of the record now wanted
 */
public record CommitStatusEvent(
    Repository repository,
    String commit,
    String key,
    @Nullable String ref,
    long version,
    @Nullable String number,
    String name,
    @Nullable String description,
    @Nullable String url,
    BuildState.State wanted,
    Instant since,
    @Nullable Shown shown,
    @JsonProperty("outcome") Progress progress,
    @Nullable WaitingFor waitingFor,
    @Nullable Instant nextTryAt,
    @Nullable Integer httpStatus,
    int attempts,
    @Nullable String reason,
    List<String> warnings,
    @Nullable String deliveryId,
    @Nullable String pushId,
    String causedBy,
    Instant at) {

  /** How far what is wanted has come. */
  public enum Progress {
    /** Not yet tried. */
    @JsonProperty("pending")
    PENDING,
    /** Tried, and to be tried again. */
    @JsonProperty("waiting")
    WAITING,
    /** The forge shows it. */
    @JsonProperty("delivered")
    DELIVERED,
    /** The forge will not show it. */
    @JsonProperty("failed")
    FAILED
  }

  /**
   * A status on the forge, in its words.
   *
   * @param key under which it stands there
   * @param account who wrote it; null where that is not known
   */
  public record Shown(String key, String state, @Nullable String account, Instant at) {
    public Shown {
      Field.name(key, "shown.key");
      Field.name(state, "shown.state");
      account = Field.optionalId(account, Limits.NAME);
      required(at, "shown.at");
    }
  }

  public CommitStatusEvent {
    required(repository, "repository");
    commit = Field.commit(commit, "commit");
    Field.name(key, "key");
    ref = Field.ref(ref, "ref");
    number = Field.optionalName(number, "number");
    name = Field.shown(name, "name", Limits.TITLE);
    description = Field.optionalParagraph(description, Limits.TEXT);
    url = Field.optionalId(url, Limits.ADDRESS);
    required(wanted, "wanted");
    required(since, "since");
    required(progress, "outcome");
    reason = Field.optionalShown(reason, Limits.REASON);
    warnings = Field.warnings(warnings);
    deliveryId = Field.optionalName(deliveryId, "deliveryId");
    pushId = Field.optionalName(pushId, "pushId");
    Field.name(causedBy, "causedBy");
    required(at, "at");
  }
}
