package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;
import static sh.cinch.schema.event.Field.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a runner reports of a build ({@code cinch.build-state.v1}). One build is (repository,
 * commit, key, number).
 *
 * @param ref the ref that was built, for showing the status on its pull request
 * @param key which check this is, the same from build to build; {@value #DEFAULT_KEY} where absent
 * @param name for people; {@value #DEFAULT_NAME} where absent
 * @param number tells builds of one key apart
 * @param url where the build can be looked at
 * @param sequence orders the states of one build where both have one
 * @param occurredAt when the runner saw it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BuildState(
    RepositoryRef repository,
    String commit,
    @Nullable String ref,
    String key,
    String name,
    @Nullable String number,
    State state,
    @Nullable String description,
    @Nullable String url,
    @Nullable Long sequence,
    Instant occurredAt) {

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
    Field.commit(commit, "commit");
    key = key == null ? DEFAULT_KEY : text(key, "key");
    name = name == null || name.isBlank() ? DEFAULT_NAME : name;
    required(state, "state");
    required(occurredAt, "occurredAt");
  }
}
