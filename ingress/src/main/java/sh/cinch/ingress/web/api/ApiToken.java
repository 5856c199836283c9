package sh.cinch.ingress.web.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.service.text.EnumWord;

/**
 * A token as the API shows it after the first time.
 *
 * @param prefix its first characters, to tell it from others
 * @param repositories which ones a runner may report on; empty for an operator
 */
record ApiToken(
    UUID id,
    String prefix,
    Kind kind,
    List<UUID> repositories,
    String name,
    Instant createdAt,
    Optional<Instant> lastUsedAt) {

  enum Kind {
    OPERATOR,
    RUNNER;

    @JsonValue
    String word() {
      return EnumWord.word(this);
    }

    static Kind of(String word) {
      return EnumWord.constant(Kind.class, word);
    }
  }
}
