package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a credential stands now ({@code cinch.credential.v1}, compacted); never the credential.
 *
 * @param kind {@code oauth}, {@code access-token} or {@code api-token}
 * @param reason in words, where it is not healthy
 * @param expiresAt when it ends for good, where that is known; not the end of one access token
 */
public record CredentialEvent(
    UUID credentialId,
    String kind,
    State state,
    @Nullable String reason,
    @Nullable Instant expiresAt,
    Instant at) {

  /** Whether calls can be made with it. */
  public enum State {
    @JsonProperty("healthy")
    HEALTHY,
    /** Refused for a reason that may lie with it or with the OAuth client; still being tried. */
    @JsonProperty("unclear")
    UNCLEAR,
    @JsonProperty("needs-authorization")
    NEEDS_AUTHORIZATION,
    @JsonProperty("revoked")
    REVOKED;

    /** As it stands in rows, answers and events. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * @throws IllegalArgumentException where there is no such state
     */
    public static State of(String word) {
      return Arrays.stream(values())
          .filter(state -> state.word().equals(word))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no state of a credential: " + word));
    }
  }

  public CredentialEvent {
    required(credentialId, "credentialId");
    Field.name(kind, "kind");
    required(state, "state");
    reason = Field.optionalShown(reason, Limits.REASON);
    required(at, "at");
  }
}
