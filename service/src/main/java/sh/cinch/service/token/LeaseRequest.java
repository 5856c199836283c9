package sh.cinch.service.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import sh.cinch.service.text.EnumWord;

/**
 * Asks for an access token.
 *
 * @param minimumSeconds how long it should last at least, as far as the credential can give that
 * @param use {@code api} or {@code git}; where empty, {@code api}
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record LeaseRequest(Optional<Long> minimumSeconds, Optional<String> use) {

  private static final long USUAL_SECONDS = 60;
  private static final long MOST_SECONDS = Duration.ofDays(366).toSeconds();

  public LeaseRequest {
    if (minimumSeconds.filter(seconds -> seconds < 0 || seconds > MOST_SECONDS).isPresent()) {
      throw new IllegalArgumentException("field 'minimumSeconds' is not from 0 to " + MOST_SECONDS);
    }
    if (use.filter(word -> !isUse(word)).isPresent()) {
      throw new IllegalArgumentException("field 'use' is neither 'api' nor 'git'");
    }
  }

  /** Of the usual length. */
  public static LeaseRequest of(LeaseUse use) {
    return new LeaseRequest(
        Optional.empty(),
        // What a token-service of the release before understands, too.
        Optional.of(use).filter(one -> one != LeaseUse.API).map(EnumWord::word));
  }

  public Duration minimum() {
    return Duration.ofSeconds(minimumSeconds.orElse(USUAL_SECONDS));
  }

  public LeaseUse shownTo() {
    return use.map(word -> EnumWord.constant(LeaseUse.class, word)).orElse(LeaseUse.API);
  }

  private static boolean isUse(String word) {
    return Arrays.stream(LeaseUse.values()).map(EnumWord::word).anyMatch(word::equals);
  }
}
