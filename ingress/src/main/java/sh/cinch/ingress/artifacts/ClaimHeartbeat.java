package sh.cinch.ingress.artifacts;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews a claim while there is progress, and notices when it is somebody else's. */
final class ClaimHeartbeat {

  private static final Logger log = LoggerFactory.getLogger(ClaimHeartbeat.class);
  private static final Duration BETWEEN_RENEWALS = Duration.ofSeconds(5);

  private final ArtifactRows rows;
  private final Claim.Granted claim;
  private final InstantSource clock;
  private Instant renewed;
  private boolean lost;

  ClaimHeartbeat(ArtifactRows rows, Claim.Granted claim, InstantSource clock) {
    this.rows = rows;
    this.claim = claim;
    this.clock = clock;
    this.renewed = clock.instant();
  }

  /** Without progress it is not called, and the claim runs out: the sender may have gone. */
  void progress() {
    Instant now = clock.instant();
    if (now.isBefore(renewed.plus(BETWEEN_RENEWALS))) {
      return;
    }
    renewed = now;
    try {
      lost = !rows.renew(claim);
    } catch (DataAccessException e) {
      // Others could take it once it runs out, and harm nothing.
      log.warn("artifact={} claim cannot be renewed", claim.id(), e);
    }
  }

  boolean isLost() {
    return lost;
  }
}
