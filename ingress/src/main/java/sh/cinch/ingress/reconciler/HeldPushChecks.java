package sh.cinch.ingress.reconciler;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.PushPayload;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Refs.Heads;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.heads.KnownHeads;
import sh.cinch.ingress.reconciler.HeldFinding.Listed;
import sh.cinch.ingress.webhooks.held.HeldEnd;
import sh.cinch.ingress.webhooks.held.HeldPush;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;

/**
 * Finds out what is to become of held pushes, once all that was under way when they were held has
 * got through: by the known heads, and where these do not say by those that the forge lists, one
 * look for all of a repository. Each is published or dropped within a minute. One instance at a
 * time.
 */
final class HeldPushChecks implements Step {

  private static final Logger log = LoggerFactory.getLogger(HeldPushChecks.class);

  static final Duration EVERY = Duration.ofSeconds(1);

  /** From then on nobody waits for the forge. With a turn and a request it is within a minute. */
  static final Duration LONGEST = Duration.ofSeconds(40);

  /** After which a turn begins no request, so that what has waited for too long is ended. */
  private static final Duration TURN = Duration.ofSeconds(8);

  /** Between two looks at a repository, where the forge does not say. */
  private static final Duration APART = Duration.ofSeconds(10);

  private static final int AT_ONCE = 1_000;

  private static final String NOT_THROUGH =
      "not published: what was under way when it came has not come to its end within a minute, so"
          + " that nobody knows whether it is real. What is missing, the comparison of heads"
          + " publishes.";

  private final Database database;
  private final Connections connections;
  private final Forge forge;
  private final OutageWatch outages;
  private final HeldEnd end;
  private final InstantSource clock;
  private final LookCounts counts;
  private final Passage<HeldPush> passage;

  /** Before when a repository is not to be asked for. */
  private final Map<UUID, Instant> notBefore = new HashMap<>();

  HeldPushChecks(
      Database database,
      Connections connections,
      Forge forge,
      OutageWatch outages,
      HeldEnd end,
      Supplier<Optional<Instant>> recordedUntil,
      InstantSource clock,
      LookCounts counts) {
    this.database = database;
    this.connections = connections;
    this.forge = forge;
    this.outages = outages;
    this.end = end;
    this.clock = clock;
    this.counts = counts;
    this.passage = new Passage<>(HeldPush::repositoryId, () -> unlessAway(recordedUntil), clock);
  }

  /** Without Kafka nobody knows; what waits for too long is dropped all the same. */
  private static Optional<Instant> unlessAway(Supplier<Optional<Instant>> recordedUntil) {
    try {
      return recordedUntil.get();
    } catch (IllegalStateException e) {
      log.debug("held pushes wait for Kafka", e);
      return Optional.empty();
    }
  }

  @Override
  public boolean run() {
    return database.exclusively("held-pushes", this::check).orElse(false);
  }

  private boolean check(DSLContext session) {
    Turn turn = new Turn(clock.instant());
    List<HeldPush> all =
        HeldEnd.heldBefore(session, turn.begun().minus(HeldEnd.KNOWN_EVERYWHERE), AT_ONCE);
    Set<HeldPush> through = Set.copyOf(passage.through(session, all));
    Map<UUID, List<HeldPush>> ready =
        all.stream()
            .filter(held -> through.contains(held) || turn.isTooLate(held))
            .collect(
                Collectors.groupingBy(
                    HeldPush::repositoryId, LinkedHashMap::new, Collectors.toList()));
    notBefore.keySet().retainAll(ready.keySet());
    ready.forEach((repository, some) -> check(session, turn, repository, some, through));
    return false;
  }

  /** Within it the same things are late. */
  private record Turn(Instant begun) {

    boolean isTooLate(HeldPush held) {
      return held.heldAt().plus(LONGEST).isBefore(begun);
    }
  }

  private void check(
      DSLContext session, Turn turn, UUID repository, List<HeldPush> some, Set<HeldPush> through) {
    Optional<Connection> connection = connections.find(repository).filter(Connection::isConnected);
    if (connection.isEmpty()) {
      some.forEach(
          held -> end.drop(held, "not published: the repository is not connected any more."));
      return;
    }
    boolean mayAsk = mayAsk(repository, turn);
    Map<HeldPush, PushPayload.Parsed> bodies = new LinkedHashMap<>();
    for (HeldPush held : some) {
      if (!through.contains(held)) {
        end.drop(held, NOT_THROUGH);
      } else if (mayAsk || turn.isTooLate(held)) {
        end.read(session, held)
            .ifPresentOrElse(
                body -> bodies.put(held, body),
                () -> end.drop(held, "not published: it cannot be read any more."));
      }
    }
    if (!bodies.isEmpty()) {
      end(session, turn, connection.get(), bodies, mayAsk);
    }
  }

  private boolean mayAsk(UUID repository, Turn turn) {
    Instant now = clock.instant();
    return !now.isBefore(notBefore.getOrDefault(repository, Instant.MIN))
        && now.isBefore(turn.begun().plus(TURN));
  }

  private void end(
      DSLContext session,
      Turn turn,
      Connection connection,
      Map<HeldPush, PushPayload.Parsed> bodies,
      boolean mayAsk) {
    Map<String, @Nullable String> known = new HashMap<>();
    KnownHeads.of(session, connection.id()).forEach((ref, head) -> known.put(ref, head.hash()));
    Optional<Listed> listed =
        mayAsk && mustAsk(bodies.values(), new HashMap<>(known))
            ? list(connection, turn)
            : Optional.empty();
    bodies.forEach((held, body) -> end(turn, connection, held, body, known, listed));
  }

  private static boolean mustAsk(
      Collection<PushPayload.Parsed> bodies, Map<String, @Nullable String> known) {
    return bodies.stream()
        .anyMatch(body -> !HeldFindings.of(body.changes(), known, Optional.empty()).areClear());
  }

  private void end(
      Turn turn,
      Connection connection,
      HeldPush held,
      PushPayload.Parsed body,
      Map<String, @Nullable String> known,
      Optional<Listed> listed) {
    Map<String, @Nullable String> moved = new HashMap<>(known);
    HeldFindings findings = HeldFindings.of(body.changes(), moved, listed);
    if (!findings.areClear() && !turn.isTooLate(held)) {
      return;
    }
    List<RefChange> real = findings.real();
    if (end.end(held, repository(connection), body, real, findings.words()) && !real.isEmpty()) {
      known.putAll(moved);
      passage.isUnderWay(held.repositoryId());
    }
  }

  private static HookedRepository repository(Connection connection) {
    return new HookedRepository(
        connection.id(), connection.forge(), connection.uuid(), connection.fullName());
  }

  /** Empty where the forge does not say now. */
  private Optional<Listed> list(Connection connection, Turn turn) {
    UUID repository = connection.id();
    Instant now = clock.instant();
    notBefore.put(repository, now.plus(APART));
    Optional<UUID> credential = connection.credential().map(Connection.Used::id);
    if (credential.isEmpty()) {
      return Optional.empty();
    }
    if (forge.allowance(credential.get(), Purpose.RECONCILING) instanceof Allowance.None) {
      counts.withheld();
      return Optional.empty();
    }
    ForgeResult<Heads> result =
        forge
            .open(
                ForgeCaller.once(credential.get(), Purpose.RECONCILING),
                () -> clock.instant().isBefore(turn.begun().plus(TURN)))
            .refs()
            .heads(connection.address(), (ref, commit) -> false);
    counts.looked(result);
    if (result instanceof ForgeResult.Done<Heads>(Heads heads, var status)) {
      return Optional.of(
          new Listed(HeadComparison.byRef(heads), heads.isWhole() && !outages.isOutage()));
    }
    log.info("held pushes wait, Bitbucket does not list heads: repository={}", repository);
    return Optional.empty();
  }
}
