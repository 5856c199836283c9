package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a runner reports of a build ({@code cinch.build-state.v1}). One status is (repository,
 * commit, key, ref), one build of it a number.
 *
 * @param ref the ref that was built, whole; null where the runner named none
 * @param key which check this is, the same from build to build; {@value #DEFAULT_KEY} where absent
 * @param name for people; {@value #DEFAULT_NAME} where absent
 * @param number tells builds of one status apart; null where the runner gave none
 * @param url where the build can be looked at; null where it is absent or blank
 * @param sequence orders the states of one build where both have one
 * @param occurredAt when the runner saw it
 * @param deliveryId of the push event that was built
 * @param pushId {@code ce_id} of the push event that was built
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BuildState(
    RepositoryRef repository,
    String commit,
    @Nullable String ref,
    String key,
    String name,
    @JsonDeserialize(using = TextOrWholeNumber.class) @Nullable String number,
    State state,
    @Nullable String description,
    @Nullable String url,
    @JsonDeserialize(using = WholeNumber.class) @Nullable Long sequence,
    Instant occurredAt,
    @Nullable String deliveryId,
    @Nullable String pushId) {

  public static final String DEFAULT_KEY = "cinch";
  public static final String DEFAULT_NAME = "Cinch CI";

  /** Where a build is. The set is closed: any other word makes a bad record, never a success. */
  public enum State {
    @JsonProperty("pending")
    PENDING,
    @JsonProperty("running")
    RUNNING,
    @JsonProperty("success")
    SUCCESS,
    @JsonProperty("failure")
    FAILURE,
    @JsonProperty("error")
    ERROR,
    @JsonProperty("cancelled")
    CANCELLED;

    /** Whether the build is over. */
    public boolean isFinal() {
      return switch (this) {
        case PENDING, RUNNING -> false;
        case SUCCESS, FAILURE, ERROR, CANCELLED -> true;
      };
    }
  }

  public BuildState {
    required(repository, "repository");
    commit = Field.commit(commit, "commit");
    ref = Field.ref(ref, "ref");
    key = key == null ? DEFAULT_KEY : Field.name(key, "key");
    name = name == null || name.isBlank() ? DEFAULT_NAME : Field.text(name, "name", Limits.TITLE);
    number = Field.optionalName(number, "number");
    required(state, "state");
    description = Field.optionalText(description, "description", Limits.TEXT);
    url = Field.optionalAddress(url, "url");
    Field.time(occurredAt, "occurredAt");
    deliveryId = Field.optionalName(deliveryId, "deliveryId");
    pushId = Field.optionalName(pushId, "pushId");
  }
}
