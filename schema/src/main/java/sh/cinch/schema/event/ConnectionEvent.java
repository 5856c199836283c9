package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a repository stands with Cinch now ({@code cinch.connection.v1}, compacted).
 *
 * @param workspaceUuid the forge's own id of the workspace; null where it is not known yet
 * @param formerNames what the repository was called before, the newest first; at most {@link
 *     #MOST_FORMER_NAMES}
 * @param credentialId what its calls are made with; null once disconnected
 */
public record ConnectionEvent(
    Repository repository,
    @Nullable String workspaceUuid,
    List<String> formerNames,
    State state,
    @Nullable UUID credentialId,
    @Nullable Hook hook,
    Instant since) {

  public static final int MOST_FORMER_NAMES = 10;

  /** Whether Cinch serves it. */
  public enum State {
    @JsonProperty("connected")
    CONNECTED,
    @JsonProperty("disconnected")
    DISCONNECTED
  }

  /**
   * Where deliveries come in.
   *
   * @param id Cinch's id of the hook, the last part of its URL
   * @param uuid the forge's; null until it is known
   * @param managed whether Cinch made it, and may mend it
   */
  public record Hook(UUID id, @Nullable String uuid, boolean managed, Health health) {
    public Hook {
      uuid = Field.optionalId(uuid, Limits.NAME);
    }
  }

  /** What is known of the hook. */
  public enum Health {
    /** Nothing has come through it yet, or nothing can: it is gone, off or changed on the forge. */
    @JsonProperty("waiting")
    WAITING,
    /** A genuine delivery has come through it, and nothing speaks against the next one. */
    @JsonProperty("healthy")
    HEALTHY
  }

  public ConnectionEvent {
    required(repository, "repository");
    workspaceUuid = Field.optionalId(workspaceUuid, Limits.NAME);
    formerNames =
        formerNames == null
            ? List.of()
            : formerNames.stream()
                .filter(name -> Field.optionalId(name, Limits.NAME) != null)
                .limit(MOST_FORMER_NAMES)
                .toList();
    required(state, "state");
    required(since, "since");
  }
}
