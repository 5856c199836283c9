package sh.cinch.ingress.connecting.access;

import java.time.Duration;
import java.time.Instant;
import sh.cinch.service.http.Problem;

/** What the forge said when it was asked, and when that was. */
sealed interface Look {

  Instant at();

  record Seen(Instant at, RepositoryAccess access) implements Look {}

  record NotSaid(Instant at, Problem problem) implements Look {}

  /** Asked once more it would hardly say anything else. */
  default boolean isRecent(Instant now, Duration recently) {
    return now.isBefore(at().plus(recently));
  }
}
