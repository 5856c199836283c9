package sh.cinch.service.http;

import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.database.Database;
import sh.cinch.service.exit.LastResort;

/** What is answered where something failed that no handler expects. */
public final class Unforeseen {

  private static final Logger log = LoggerFactory.getLogger(Unforeseen.class);

  private Unforeseen() {}

  /**
   * @return 503 while PostgreSQL is away, of which {@link Database} speaks in the log, else 500
   */
  public static Problem problem(RoutingContext context, @Nullable Throwable failure) {
    LastResort.endIfOutOfMemory(failure);
    if (Database.isAway(failure)) {
      return new Problem(
              503, "Not now", "PostgreSQL, where Cinch keeps everything, does not answer.")
          .retryAfter(RetryAfter.SOON);
    }
    log.error(
        "failed method={} path={}", context.request().method(), context.normalizedPath(), failure);
    return new Problem(500, "Internal error", "Cinch could not do this; its log says why.");
  }
}
