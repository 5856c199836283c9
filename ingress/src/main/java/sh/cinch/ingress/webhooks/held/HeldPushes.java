package sh.cinch.ingress.webhooks.held;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.ingress.heads.KnownHead;
import sh.cinch.ingress.heads.KnownHeads;
import sh.cinch.ingress.webhooks.delivery.BodyKeys;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.delivery.FirstDelivery;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.delivery.Outcomes;
import sh.cinch.ingress.webhooks.delivery.Patience;
import sh.cinch.ingress.webhooks.held.RecentBodies.Coming;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.ingress.webhooks.publish.OutboxPushes;
import sh.cinch.schema.text.Visible;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.secret.Vault;
import sh.cinch.service.trace.Traceparent;

/**
 * Holds a push whose body came before, outside the retry window, and which does not continue its
 * refs from where they are known to be: anybody who has captured it can send it again. Asks nobody
 * where memory says that a push continues, or may be a retry. Docs: decisions/0043.
 */
public final class HeldPushes implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HeldPushes.class);

  private static final String THREAD = "held-pushes";

  /** A push waits for this. */
  private static final Patience ASKING = new Patience(THREAD, Duration.ofMillis(500));

  /** As long as the outbox may take. */
  private static final Patience HOLDING = new Patience(THREAD, Duration.ofSeconds(2));

  /** Not every push of an outage should wait to find out. */
  private static final long NOT_ASKED_AGAIN = Duration.ofSeconds(5).toNanos();

  private static final int ACCEPTED = 202;

  private final Database database;
  private final InstantSource clock;
  private final BodyKeys keys;
  private final HeldRows rows;
  private final HeldRelease release;
  private final FirstDelivery first;
  private final Consumer<UUID> behindOutbox;
  private final HeldRepositories repositories;
  private final RecentHeads heads = new RecentHeads();
  private final RecentBodies bodies;
  private volatile long failedAt = System.nanoTime() - NOT_ASKED_AGAIN;

  /** What is to become of a push now. */
  public enum Judgement {
    PUBLISH,
    /** It is committed, with its line of the log. */
    HELD,
    /** It is to be held, and nobody can. */
    NO_ROOM
  }

  /** What is known of a push. */
  private sealed interface Known {

    /** Nobody has sent it before: the forge was just pushed to. */
    record Fresh() implements Known {}

    /** It continues its refs, or may be a retry. */
    record Fine() implements Known {}

    record Repeated(Instant cameAt) implements Known {}

    /** The database does not say: no push is lost for this. */
    record Nothing() implements Known {}
  }

  private HeldPushes(
      ServiceContext context,
      Vault vault,
      FirstDelivery first,
      OutboxPushes outbox,
      Runnable stored,
      Consumer<UUID> behindOutbox) {
    this.database = context.database();
    this.clock = context.clock();
    this.keys = new BodyKeys(database, vault);
    this.rows = new HeldRows(keys);
    this.release =
        new HeldRelease(database, rows, new HeldEnd(context, vault, outbox, stored), heads);
    this.first = first;
    this.behindOutbox = behindOutbox;
    this.repositories = HeldRepositories.start(database, context.metrics());
    this.bodies = new RecentBodies(new Deliveries(database)::answer);
  }

  /**
   * @param first hears of the first delivery through each hook
   * @param stored told when there is something to drain from the outbox
   * @param behindOutbox told of a repository whose next push has to come after what is in the
   *     outbox
   */
  public static HeldPushes start(
      ServiceContext context,
      Vault vault,
      FirstDelivery first,
      OutboxPushes outbox,
      Runnable stored,
      Consumer<UUID> behindOutbox) {
    return new HeldPushes(context, vault, first, outbox, stored, behindOutbox);
  }

  /**
   * Whether memory says that it need not be held, and comes after nothing that is. To be called in
   * the repository's turn, right before the push is published. Never blocks.
   */
  public boolean mayPublish(LoggedDelivery line, List<RefChange> changes) {
    boolean mayPublish = !repositories.contains(line.repositoryId()) && isKnownFine(line, changes);
    if (mayPublish) {
      published(line, changes);
    }
    return mayPublish;
  }

  /**
   * The same where somebody can wait: blocks for a moment where memory does not say.
   *
   * @param line as it is known until it is answered
   */
  public Judgement judge(
      LoggedDelivery line,
      HookedRepository repository,
      List<RefChange> changes,
      byte[] body,
      Traceparent trace) {
    Known known = known(line, changes);
    if (known instanceof Known.Repeated(Instant cameAt)) {
      return hold(line, changes, body, trace, cameAt);
    }
    if (repositories.contains(repository.id())) {
      comeAfter(line, repository, known instanceof Known.Fresh ? changes : List.of());
    }
    published(line, changes);
    return Judgement.PUBLISH;
  }

  private void published(LoggedDelivery line, List<RefChange> changes) {
    heads.published(line.repositoryId(), changes, line.receivedAt());
    bodies.published(line);
  }

  /** After all it is not published, or perhaps not. */
  public void notPublished(UUID repository, List<RefChange> changes) {
    heads.notPublished(repository, changes);
  }

  private Known known(LoggedDelivery line, List<RefChange> changes) {
    return isKnownFine(line, changes)
        ? new Known.Fine()
        : ask(() -> asked(line, changes), new Known.Nothing());
  }

  private boolean isKnownFine(LoggedDelivery line, List<RefChange> changes) {
    return heads.areContinuedBy(line, changes) || bodies.isRetry(line);
  }

  private Known asked(LoggedDelivery line, List<RefChange> changes) {
    return switch (bodies.ask(line)) {
      case Coming.ForTheFirstTime() -> new Known.Fresh();
      case Coming.PerhapsAsRetry() -> new Known.Fine();
      case Coming.Again(Instant cameAt) ->
          isContinued(line, changes) ? new Known.Fine() : new Known.Repeated(cameAt);
    };
  }

  private boolean isContinued(LoggedDelivery line, List<RefChange> changes) {
    Map<String, KnownHead> known =
        KnownHeads.of(
            database.sql(),
            line.repositoryId(),
            changes.stream().map(RefChange::ref).collect(Collectors.toSet()));
    return Continuation.isOfAll(changes, ref -> heads.head(line, ref, known.get(ref)));
  }

  /** Not while the database did not answer just now. */
  private <T> T ask(Callable<T> question, T otherwise) {
    return System.nanoTime() - failedAt < NOT_ASKED_AGAIN
        ? otherwise
        : ASKING.ask(
            question,
            otherwise,
            e -> {
              failedAt = System.nanoTime();
              log.warn("cannot look whether pushes came before: {}", e.toString());
            });
  }

  private Judgement hold(
      LoggedDelivery line,
      List<RefChange> changes,
      byte[] body,
      Traceparent trace,
      Instant cameAt) {
    // Before it is there: whatever comes next in its repository's turn has to know.
    repositories.add(line.repositoryId());
    LoggedDelivery held =
        line.answered(ACCEPTED, Outcomes.HELD, 0, Optional.of(words(changes, cameAt)));
    return HOLDING.ask(
        () -> held(held, body, trace, cameAt),
        Judgement.NO_ROOM,
        e -> log.warn("delivery={} is to be held and cannot be: {}", line.id(), e.toString()));
  }

  private Judgement held(LoggedDelivery line, byte[] body, Traceparent trace, Instant cameAt) {
    Instant now = clock.instant();
    BodyKeys.Key key = keys.of(now);
    return database.transaction(
        transaction -> {
          if (!HeldRows.hasRoom(transaction, line)) {
            return Judgement.NO_ROOM;
          }
          // The forge is told that we have it, as with the outbox.
          transaction.execute("set local synchronous_commit to on");
          UUID whose = rows.add(transaction, line, body, trace, cameAt, key, now);
          if (!whose.equals(line.id())) {
            log.debug("delivery={} brings what is held of delivery={}", line.id(), whose);
          }
          Deliveries.write(transaction, line, first);
          return Judgement.HELD;
        });
  }

  private static String words(List<RefChange> changes, Instant cameAt) {
    String ref = Visible.oneLine(changes.getFirst().ref());
    return "The same body came before, at %s, and does not continue %s from where it is known to be: it is held for a minute at most, until Bitbucket says where that is."
        .formatted(cameAt, changes.size() == 1 ? ref : "its %d refs".formatted(changes.size()));
  }

  /** Whatever is held of its repository, or was just now; without the database nothing is. */
  private void comeAfter(
      LoggedDelivery line, HookedRepository repository, List<RefChange> freshChanges) {
    boolean isAnswered =
        ask(
            () -> {
              release.before(line, repository, freshChanges);
              return true;
            },
            false);
    if (isAnswered) {
      behindOutbox.accept(repository.id());
    }
  }

  @Override
  public Check check() {
    return repositories.check();
  }

  @Override
  public void close() {
    repositories.close();
  }
}
