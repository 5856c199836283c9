package sh.cinch.tokenservice.refresh;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the forge's last answers say about our OAuth client, as far as this instance saw them. A
 * refresh token that was used before can make the forge refuse everybody's for minutes: after a
 * refusal refreshes go one at a time until one succeeds, and a refusal speaks against its grant
 * only where no other grant has been refused since the last success.
 */
final class ClientStanding {

  /** Leave to refresh; closed once the answer is known. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  private final Semaphore single = new Semaphore(1);
  private final Set<UUID> refused = new HashSet<>();

  /**
   * @return empty where others' refreshes took all the time this one had
   */
  Optional<Turn> turn(Duration patience) {
    if (!isInDoubt()) {
      return Optional.of(() -> {});
    }
    try {
      return single.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)
          ? Optional.of(single::release)
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  synchronized void granted() {
    refused.clear();
  }

  /**
   * @return whether this speaks against the grant: no other one has been refused
   */
  synchronized boolean refused(UUID credential) {
    refused.add(credential);
    return refused.size() == 1;
  }

  private synchronized boolean isInDoubt() {
    return !refused.isEmpty();
  }
}
