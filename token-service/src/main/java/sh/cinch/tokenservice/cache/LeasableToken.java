package sh.cinch.tokenservice.cache;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.token.LeaseGiven;
import sh.cinch.service.token.TokenJson;

/**
 * An access token as it is lent, the same each time. Written as JSON once: thousands of characters
 * are most of what a lease from memory costs.
 */
public final class LeasableToken {

  private final LeaseGiven lease;
  private volatile @Nullable Buffer json;

  LeasableToken(LeaseGiven lease) {
    this.lease = lease;
  }

  public Buffer json() {
    Buffer written = json;
    if (written == null) {
      written = TokenJson.write(lease);
      json = written;
    }
    return written;
  }
}
