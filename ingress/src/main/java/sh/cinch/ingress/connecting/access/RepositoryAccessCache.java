package sh.cinch.ingress.connecting.access;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Repositories.Accessible;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.ingress.forge.ForgeAnswers;
import sh.cinch.service.http.Problem;

/**
 * Asks Bitbucket who sees what, and believes its answer for ten minutes, and for one where part of
 * it is missing for now. However often somebody comes, it is asked in their name every few seconds
 * at most.
 */
public final class RepositoryAccessCache {

  private static final Duration BELIEVED = Duration.ofMinutes(10);

  /** Of what Bitbucket did not answer for in part: long enough not to be asked with every page. */
  private static final Duration BELIEVED_IN_PART = Duration.ofMinutes(1);

  private static final int REMEMBERED = 10_000;
  private static final String CANNOT_LIST = "Your repositories could not be listed.";

  private final Forge forge;
  private final InstantSource clock;
  private final Duration atMostEvery;
  private final AsyncLoadingCache<UUID, Look> looks;

  /**
   * @param atMostEvery how long an answer is as good as a new one
   */
  public RepositoryAccessCache(Forge forge, InstantSource clock, Duration atMostEvery) {
    this.forge = forge;
    this.clock = clock;
    this.atMostEvery = atMostEvery;
    this.looks =
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
    return access(credential, this::isBelieved);
  }

  /**
   * As of this moment, or of a few seconds before: for whoever has just been given a repository and
   * wants to connect it.
   *
   * @throws Problem where Bitbucket does not say
   */
  public RepositoryAccess afresh(UUID credential) {
    return access(credential, this::isRecent);
  }

  /** One look for all who ask while it lasts. */
  private RepositoryAccess access(UUID credential, Predicate<Look> isGood) {
    CompletableFuture<Look> before = looks.getIfPresent(credential);
    if (before != null && before.isDone() && !isGood.test(join(before))) {
      looks.asMap().remove(credential, before);
    }
    return switch (join(looks.get(credential))) {
      case Look.Seen seen -> seen.access();
      case Look.NotSaid notSaid -> throw notSaid.problem();
    };
  }

  private static Look join(CompletableFuture<Look> look) {
    try {
      return look.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException why ? why : e;
    }
  }

  private boolean isBelieved(Look look) {
    return switch (look) {
      case Look.Seen seen ->
          !seen.access().mayPass() || seen.isRecent(clock.instant(), BELIEVED_IN_PART);
      case Look.NotSaid notSaid -> isRecent(notSaid);
    };
  }

  private boolean isRecent(Look look) {
    return look.isRecent(clock.instant(), atMostEvery);
  }

  private Look look(UUID credential) {
    try {
      Accessible accessible =
          ForgeAnswers.valueOf(
              forge.open(ForgeCaller.once(credential, Purpose.PAGE)).repositories().accessible(),
              CANNOT_LIST);
      return new Look.Seen(
          clock.instant(),
          new RepositoryAccess(
              accessible.visible().stream().map(Found::uuid).collect(Collectors.toSet()),
              accessible.administered(),
              accessible.gaps()));
    } catch (Problem problem) {
      if (ForgeAnswers.needsAuthorization(problem)) {
        throw problem; // nobody was asked, and a person may mend it this moment
      }
      return new Look.NotSaid(clock.instant(), problem);
    }
  }
}
