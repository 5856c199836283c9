package sh.cinch.tokenservice.cache;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import sh.cinch.service.due.Step;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;

/**
 * Compares what is remembered with what stands in the rows. Tokens only ever become newer, so an
 * older one in a row means that the database went back in time: what it has lost is put back.
 */
public final class RollbackWatch implements Step {

  private static final int AT_ONCE = 500;

  private final CredentialCache cache;
  private final Credentials credentials;

  public RollbackWatch(CredentialCache cache, Credentials credentials) {
    this.cache = cache;
    this.credentials = credentials;
  }

  @Override
  public boolean run() {
    List<Credential> all = cache.all();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      compare(all.subList(from, Math.min(from + AT_ONCE, all.size())));
    }
    return false;
  }

  private void compare(List<Credential> some) {
    Map<UUID, Instant> rows = credentials.madeAt(some.stream().map(Credential::id).toList());
    List<UUID> unheard = new ArrayList<>();
    for (Credential credential : some) {
      Instant row = rows.get(credential.id());
      Instant mine = credential.token().madeAt();
      if (row != null && row.isBefore(mine)) {
        cache.putBack(credential);
      } else if (row != null && row.isAfter(mine)) {
        unheard.add(credential.id());
      }
    }
    cache.doubt(unheard);
  }
}
