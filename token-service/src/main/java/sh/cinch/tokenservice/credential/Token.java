package sh.cinch.tokenservice.credential;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The secrets of a credential, sealed, and how long they work.
 *
 * @param version counts the tokens this credential has had
 * @param authorization the value of the {@code Authorization} header; empty once erased
 * @param refresh empty where there is none to refresh with
 * @param madeAt when the forge gave it, or it was pasted
 * @param life empty where its end is not known
 */
public record Token(
    long version,
    Optional<Ciphertext> authorization,
    Optional<Ciphertext> refresh,
    Instant madeAt,
    Optional<TokenLife> life) {

  /** Bytes, as it lies in the row. */
  public int size() {
    return Stream.of(authorization, refresh)
        .flatMap(Optional::stream)
        .mapToInt(Ciphertext::size)
        .sum();
  }

  Token ending(Instant end) {
    return new Token(
        version, authorization, refresh, madeAt, Optional.of(new TokenLife(madeAt, end)));
  }
}
