package sh.cinch.forge;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** A place where repositories live: one site of one kind. */
public interface Forge extends AutoCloseable {

  /** For one request, whole. */
  Duration TIME_LIMIT = Duration.ofSeconds(10);

  Site site();

  /** What scopes, in this forge's words, let a credential do. */
  Set<Ability> abilities(Collection<String> scopes);

  /** Whether a lease is at hand, so that being ready takes no time. */
  default boolean isReady(UUID credential) {
    return false;
  }

  /** Takes a lease ahead, so that what must be fresh is read after what may take long. */
  ForgeResult<Forge> ready(UUID credential);

  /** The same with a lease that is asked for now: none that is still at hand counts. */
  ForgeResult<Forge> readyAnew(UUID credential);

  /**
   * Whether it would be asked now for what lies in a repository, as far as that is known here.
   * Never blocks for long.
   */
  default Allowance allowance(UUID credential, Purpose purpose) {
    return Allowance.any();
  }

  /**
   * Opens a session, which asks nothing yet.
   *
   * @param mayBegin asked right before each request; where it says no, none is made
   */
  ForgeSession open(ForgeCaller caller, BooleanSupplier mayBegin);

  default ForgeSession open(ForgeCaller caller) {
    return open(caller, () -> true);
  }

  @Override
  void close();
}
