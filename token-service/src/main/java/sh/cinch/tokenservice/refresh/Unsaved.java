package sh.cinch.tokenservice.refresh;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.due.Step;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.FreshToken;

/**
 * Tokens that Bitbucket has given and PostgreSQL could not take. They may be the only valid ones,
 * so they are kept until it can; nobody is lent one before.
 */
final class Unsaved implements Step {

  private static final Logger log = LoggerFactory.getLogger(Unsaved.class);

  private record Given(Credential claimed, FreshToken token) {}

  private final Credentials credentials;
  private final Map<UUID, Given> kept = new ConcurrentHashMap<>();

  Unsaved(Credentials credentials) {
    this.credentials = credentials;
  }

  /**
   * @return empty where other tokens have been put in meanwhile
   * @throws DataAccessException where PostgreSQL is away: they are kept
   */
  Optional<Credential> save(Credential claimed, FreshToken token) {
    Given given = new Given(claimed, token);
    kept.put(claimed.id(), given);
    try {
      Optional<Credential> replaced = credentials.replace(claimed, token);
      kept.remove(claimed.id(), given);
      return replaced;
    } catch (DataAccessException e) {
      log.warn(
          "credential={} has new tokens, and PostgreSQL does not take them now; they are kept",
          claimed.id());
      throw e;
    }
  }

  /**
   * Before anybody asks Bitbucket again.
   *
   * @throws DataAccessException where PostgreSQL is still away
   */
  void settle(UUID credential) {
    Given given = kept.get(credential);
    if (given != null) {
      boolean isIn = save(given.claimed(), given.token()).isPresent();
      log.info("credential={} kept tokens are settled, saved={}", credential, isIn);
    }
  }

  @Override
  public boolean run() {
    kept.keySet().forEach(this::settle);
    return false;
  }
}
