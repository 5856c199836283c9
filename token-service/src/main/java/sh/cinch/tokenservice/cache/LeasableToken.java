package sh.cinch.tokenservice.cache;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import sh.cinch.service.token.LeaseGiven;
import sh.cinch.service.token.LeaseUse;
import sh.cinch.service.token.TokenJson;
import sh.cinch.tokenservice.forge.BitbucketCloud;

/**
 * An access token as it is lent, the same each time. Written as JSON once for each use: thousands
 * of characters are most of what a lease from memory costs.
 */
public final class LeasableToken {

  private final LeaseGiven lease;
  private final Map<LeaseUse, Buffer> json = new ConcurrentHashMap<>();

  LeasableToken(LeaseGiven lease) {
    this.lease = lease;
  }

  public Buffer json(LeaseUse use) {
    return Objects.requireNonNull(
        json.computeIfAbsent(use, wanted -> TokenJson.write(shownTo(wanted))));
  }

  private LeaseGiven shownTo(LeaseUse use) {
    return switch (use) {
      case API -> lease;
      case GIT ->
          new LeaseGiven(
              lease.leaseId(),
              BitbucketCloud.forGit(lease.authorization()),
              lease.expiresAt(),
              lease.identity(),
              lease.account());
    };
  }
}
