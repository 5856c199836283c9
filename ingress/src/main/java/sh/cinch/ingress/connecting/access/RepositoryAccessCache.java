package sh.cinch.ingress.connecting.access;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Repositories.Accessible;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.ingress.forge.ForgeAnswers;
import sh.cinch.service.http.Problem;

/** Asks Bitbucket who sees what, and believes its answer for ten minutes. */
public final class RepositoryAccessCache {

  private static final Duration BELIEVED = Duration.ofMinutes(10);
  private static final int REMEMBERED = 10_000;
  private static final String CANNOT_LIST = "Your repositories could not be listed.";

  private final Forge forge;
  private final AsyncLoadingCache<UUID, RepositoryAccess> known;

  public RepositoryAccessCache(Forge forge, InstantSource clock) {
    this.forge = forge;
    this.known =
        Caffeine.newBuilder()
            .expireAfterWrite(BELIEVED)
            .maximumSize(REMEMBERED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(task -> Thread.ofVirtual().name("repository-access").start(task))
            .buildAsync(this::look);
  }

  /**
   * @throws Problem where Bitbucket does not say
   */
  public RepositoryAccess of(UUID credential) {
    try {
      return known.get(credential).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Problem problem ? problem : e;
    }
  }

  /** As of this moment: for whoever has just been given a repository and wants to connect it. */
  public RepositoryAccess afresh(UUID credential) {
    known.synchronous().invalidate(credential);
    return of(credential);
  }

  private RepositoryAccess look(UUID credential) {
    Accessible accessible =
        ForgeAnswers.valueOf(
            forge.open(ForgeCaller.once(credential, Purpose.PAGE)).repositories().accessible(),
            CANNOT_LIST);
    return new RepositoryAccess(
        accessible.visible().stream().map(Found::uuid).collect(Collectors.toSet()),
        accessible.administered());
  }
}
