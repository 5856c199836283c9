package sh.cinch.ingress.connecting.access;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.Repository;
import sh.cinch.bitbucket.client.RepositoryRole;
import sh.cinch.bitbucket.client.Workspace;
import sh.cinch.ingress.forge.Answers;
import sh.cinch.ingress.forge.Forge;
import sh.cinch.service.http.Problem;

/** Asks Bitbucket who sees what, and believes its answer for ten minutes. */
public final class RepositoryAccessCache {

  private static final Duration BELIEVED = Duration.ofMinutes(10);
  private static final int REMEMBERED = 10_000;
  private static final String CANNOT_LIST = "Your repositories could not be listed.";

  private final Forge forge;
  private final AsyncLoadingCache<UUID, RepositoryAccess> accessCache;

  public RepositoryAccessCache(Forge forge, InstantSource clock) {
    this.forge = forge;
    this.accessCache =
        Caffeine.newBuilder()
            .expireAfterWrite(BELIEVED)
            .maximumSize(REMEMBERED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(task -> Thread.ofVirtual().name("access").start(task))
            .buildAsync(this::look);
  }

  /**
   * @throws Problem where Bitbucket does not say
   */
  public RepositoryAccess of(UUID credential) {
    try {
      return accessCache.get(credential).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Problem problem ? problem : e;
    }
  }

  /** As of this moment: for whoever has just been given a repository and wants to connect it. */
  public RepositoryAccess afresh(UUID credential) {
    accessCache.synchronous().invalidate(credential);
    return of(credential);
  }

  private RepositoryAccess look(UUID credential) {
    Set<String> visible = new HashSet<>();
    List<Repository> administered = new ArrayList<>();
    List<Workspace> workspaces =
        Answers.valueOf(forge.ask(credential, BitbucketClient::workspaces), CANNOT_LIST);
    for (Workspace workspace : workspaces) {
      list(credential, workspace, RepositoryRole.MEMBER)
          .forEach(repository -> visible.add(repository.uuid()));
      administered.addAll(list(credential, workspace, RepositoryRole.ADMIN));
    }
    administered.sort(Comparator.comparing(Repository::fullName, String.CASE_INSENSITIVE_ORDER));
    return new RepositoryAccess(visible, administered);
  }

  private List<Repository> list(UUID credential, Workspace workspace, RepositoryRole role) {
    return Answers.valueOf(
        forge.ask(credential, client -> client.repositories(workspace.uuid(), role)), CANNOT_LIST);
  }
}
