package sh.cinch.service.token;

import java.time.Instant;

/**
 * Says that another credential took the place of one.
 *
 * @param keptUntil until when statuses that it began may be finished with it: a day after it was
 *     replaced
 */
public record Replacement(Instant keptUntil) {

  public Replacement {
    TokenJson.required(keptUntil, "keptUntil");
  }
}
