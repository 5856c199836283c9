package sh.cinch.tokenservice.refresh;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.budget.RequestBudget;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.BackOff;
import sh.cinch.service.due.Step;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.Kind;

/**
 * Attends to what is due: credentials in use are refreshed before their token ends, so that no
 * build waits; idle ones well within the three months after which Bitbucket forgets a refresh
 * token; those whose last refresh failed once more; pasted tokens are warned of before they end;
 * and replaced ones are erased when their time is over, and never refreshed ahead.
 */
public final class AheadOfNeed implements Step {

  private static final Logger log = LoggerFactory.getLogger(AheadOfNeed.class);

  private static final int AT_ONCE = 16;
  private static final Duration IDLE_AFTER = Duration.ofHours(12);
  private static final Duration KEPT_ALIVE_WITHIN = Duration.ofDays(30);
  private static final Duration KEPT_ALIVE_SPREAD = Duration.ofDays(3);
  private static final Duration AFTER_AN_ACCIDENT = Duration.ofMinutes(10);

  private final Credentials credentials;
  private final Refresher refresher;
  private final TokenEndNotices endings;
  private final RequestBudget budget;
  private final InstantSource clock;

  public AheadOfNeed(
      Credentials credentials, Refresher refresher, RequestBudget budget, InstantSource clock) {
    this.credentials = credentials;
    this.refresher = refresher;
    this.endings = new TokenEndNotices(credentials, clock);
    this.budget = budget;
    this.clock = clock;
  }

  @Override
  public boolean run() {
    List<UUID> overdue = credentials.overdue(AT_ONCE);
    overdue.forEach(credentials::eraseOverdue);
    boolean isMoreOverdue = overdue.size() == AT_ONCE;
    List<Credential> due = credentials.due(AT_ONCE);
    if (due.isEmpty()) {
      return isMoreOverdue;
    }
    // What is due and not in the budget stays due. Whoever needs a token now does not ask it.
    int affordable = budget.take(due.size());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      due.stream()
          .limit(affordable)
          .forEach(credential -> threads.execute(() -> attend(credential)));
    }
    return isMoreOverdue || (due.size() == AT_ONCE && affordable == AT_ONCE);
  }

  private void attend(Credential credential) {
    try {
      if (credential.kind() != Kind.OAUTH) {
        endings.attend(credential);
      } else if (isIdle(credential) && clock.instant().isBefore(keptAlive(credential))) {
        Optional<Credential> unused = credentials.save(credential.due(keptAlive(credential)));
      } else {
        RefreshOutcome unused = refresher.refresh(credential);
      }
    } catch (RuntimeException e) {
      if (!Database.isAway(e)) {
        log.error("credential={} cannot be refreshed", credential.id(), e);
        putOff(credential);
      }
    }
  }

  /** Nobody has leased it for hours, and nothing about it is to be cleared up. */
  private boolean isIdle(Credential credential) {
    return credential.history().failures() == 0
        && clock.instant().isAfter(credential.lastUsedAt().plus(IDLE_AFTER));
  }

  private static Instant keptAlive(Credential credential) {
    return credential
        .token()
        .madeAt()
        .plus(KEPT_ALIVE_WITHIN)
        .minus(BackOff.spread(Duration.ZERO, KEPT_ALIVE_SPREAD));
  }

  /** One that cannot even be tried must not keep the others from their turn. */
  private void putOff(Credential credential) {
    try {
      credentials
          .find(credential.id())
          .map(now -> now.due(clock.instant().plus(AFTER_AN_ACCIDENT)))
          .ifPresent(credentials::save);
    } catch (RuntimeException e) {
      log.warn("credential={} could not be put off either", credential.id(), e);
    }
  }
}
