package sh.cinch.service.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks for an access token.
 *
 * @param minimumSeconds how long it should last at least, as far as the credential can give that
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record LeaseRequest(Optional<Long> minimumSeconds) {

  private static final long USUAL_SECONDS = 60;
  private static final long MOST_SECONDS = Duration.ofDays(366).toSeconds();

  public LeaseRequest {
    if (minimumSeconds.filter(seconds -> seconds < 0 || seconds > MOST_SECONDS).isPresent()) {
      throw new IllegalArgumentException("field 'minimumSeconds' is not from 0 to " + MOST_SECONDS);
    }
  }

  public Duration minimum() {
    return Duration.ofSeconds(minimumSeconds.orElse(USUAL_SECONDS));
  }
}
