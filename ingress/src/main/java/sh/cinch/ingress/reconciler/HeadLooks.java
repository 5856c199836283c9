package sh.cinch.ingress.reconciler;

import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.ingress.tables.records.RepositoryRecord;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Cause;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeSession;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Refs.Heads;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.heads.FoundPush;
import sh.cinch.ingress.heads.KnownHeads;
import sh.cinch.ingress.heads.MissedPushes;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.BackOff;
import sh.cinch.service.due.DueRows;
import sh.cinch.service.trace.Traceparent;

/**
 * Looks at the heads of one repository after the other, the longest due first. At the first look
 * since it was connected they are taken for known; from then on what differs is a push that was
 * missed, should another look find the same.
 */
final class HeadLooks {

  private static final Logger log = LoggerFactory.getLogger(HeadLooks.class);

  /** A long list takes as many requests as it has hundreds. */
  private static final Duration CLAIM = Duration.ofMinutes(2);

  /** Soon after an outage all are looked at. */
  private static final Duration LONGEST_IN_OUTAGE = Duration.ofMinutes(2);

  private static final Duration REFUSED = Duration.ofMinutes(10);

  private final Database database;
  private final Forge forge;
  private final LookPace pace;
  private final OutageWatch outages;
  private final InstantSource clock;
  private final LookCounts counts;
  private final DueRows<RepositoryRecord> due;
  private final CutLooks cuts = new CutLooks();

  HeadLooks(
      Database database,
      Forge forge,
      LookPace pace,
      OutageWatch outages,
      InstantSource clock,
      LookCounts counts) {
    this.database = database;
    this.forge = forge;
    this.pace = pace;
    this.outages = outages;
    this.clock = clock;
    this.counts = counts;
    this.due = new DueRows<>(REPOSITORY, REPOSITORY.HEADS_DUE_AT, REPOSITORY.HEADS_CLAIM, clock);
  }

  /** A repository that is to be looked at now. */
  record Claimed(RepositoryRecord row) {

    /** For the log. */
    @Override
    public String toString() {
      return "repository=" + row.getId();
    }
  }

  List<Claimed> claim(int most, Collection<Claimed> underWay) {
    Condition isConnected = REPOSITORY.STATE.eq(Connection.State.CONNECTED.word());
    return due.claim(database.sql(), isConnected, most, CLAIM).stream().map(Claimed::new).toList();
  }

  void look(Claimed claimed) {
    RepositoryRecord row = claimed.row();
    Connection connection = Connections.connection(row);
    Optional<Connection.Used> credential = connection.credential();
    if (credential.isEmpty()) {
      settle(database.sql(), row, Map.of(), REFUSED);
      return;
    }
    if (forge.allowance(credential.get().id(), Purpose.RECONCILING)
        instanceof Allowance.None none) {
      counts.withheld();
      settle(database.sql(), row, Map.of(), LookPace.rest(none));
      return;
    }
    look(row, connection, credential.get());
  }

  private void look(RepositoryRecord row, Connection connection, Connection.Used credential) {
    Instant now = clock.instant();
    // Read before the forge is asked: what is pushed meanwhile is found here at worst, and not
    // found again a minute later.
    var comparison =
        new HeadComparison(connection.id(), KnownHeads.of(database.sql(), connection.id()));
    ForgeSession session =
        forge.open(
            new ForgeCaller(
                credential.id(),
                Purpose.RECONCILING,
                Traceparent.begin(),
                row.getHeadsFailures() + 1),
            () -> clock.instant().isBefore(now.plus(CLAIM)));
    CutLook cut =
        cuts.take(row, credential)
            .orElseGet(() -> new CutLook(row, credential, session.refs().begin(), now, 0));
    ForgeResult<Heads> result =
        session
            .refs()
            .heads(
                connection.address(),
                (ref, commit) -> !comparison.isKnown(ref, commit),
                cut.reading());
    counts.looked(result);
    int requests = cut.requests() + session.requests().size();
    switch (result) {
      case ForgeResult.Done<Heads>(Heads heads, OptionalInt status) -> {
        outages.answered(connection.id(), comparison.isEmptied(heads));
        compare(row, comparison, heads, cut.asked(), pace.after(credential.id(), requests));
      }
      case ForgeResult.Later<Heads>(
              Cause cause,
              OptionalInt status,
              String reason,
              Duration pause) -> {
        if (cause == Cause.RATE_LIMIT) {
          cuts.keep(cut.after(requests));
        }
        failed(row, later(cause, row.getHeadsFailures() + 1, pause), reason, isShared(cause));
      }
      case ForgeResult.Unclear<Heads>(OptionalInt status, String reason, Duration pause) ->
          failed(row, later(Cause.FORGE, row.getHeadsFailures() + 1, pause), reason, true);
      case ForgeResult.Refused<Heads>(Cause cause, OptionalInt status, String reason) ->
          failed(row, REFUSED, reason, isShared(cause));
      case ForgeResult.NotBegun<Heads>() ->
          log.info("a look took too long and is begun anew: repository={}", connection.id());
    }
  }

  private void compare(
      RepositoryRecord row, HeadComparison comparison, Heads heads, Instant asked, Duration pause) {
    Instant now = clock.instant();
    database.write(
        transaction -> {
          Map<Field<?>, Object> looked = new HashMap<>();
          looked.put(REPOSITORY.HEADS_LOOKED_AT, asked);
          looked.put(REPOSITORY.HEADS_FAILURES, 0);
          boolean isFirst = isFirst(row);
          if (isFirst) {
            looked.put(REPOSITORY.HEADS_KNOWN_AT, asked);
          }
          if (!due.settle(transaction, row, looked, now.plus(pause))) {
            return;
          }
          if (isFirst) {
            KnownHeads.adopt(
                transaction, row.getId(), HeadComparison.byRef(heads), row.getSince(), asked);
          } else {
            MissedPushes.found(transaction, row.getId(), found(comparison, heads), asked, now)
                .ifPresent(again -> due.settle(transaction, row, looked, again));
          }
        });
  }

  /** Since it was connected, perhaps not for the first time. */
  private static boolean isFirst(RepositoryRecord row) {
    Instant known = row.getHeadsKnownAt();
    return known == null || known.isBefore(row.getSince());
  }

  private List<FoundPush> found(HeadComparison comparison, Heads heads) {
    boolean mayBeGone =
        heads.isWhole()
            && !outages.isOutage()
            && !(comparison.isEmptied(heads) && outages.isAnotherEmptied(comparison.repository()));
    return Stream.concat(
            comparison.moved(heads).stream(),
            mayBeGone ? comparison.gone(heads).stream() : Stream.empty())
        .limit(HeadComparison.MOST)
        .toList();
  }

  /** Whether it may be the forge's trouble, and not only this credential's. */
  private static boolean isShared(Cause cause) {
    return switch (cause) {
      case FORGE, NOT_FOUND, FORBIDDEN, INVALID -> true;
      case AUTHORIZATION, LEASE, RATE_LIMIT, DISCONNECTED, OWNERSHIP, SOURCE -> false;
    };
  }

  private static Duration later(Cause cause, int failures, Duration pause) {
    return switch (cause) {
      case RATE_LIMIT -> pause;
      case AUTHORIZATION -> REFUSED;
      case LEASE, FORGE, NOT_FOUND, DISCONNECTED, FORBIDDEN, OWNERSHIP, INVALID, SOURCE ->
          LookPace.SHORTEST.plus(BackOff.atMost(LONGEST_IN_OUTAGE, failures));
    };
  }

  private void failed(RepositoryRecord row, Duration pause, String reason, boolean isShared) {
    if (isShared) {
      outages.failed(row.getId());
    }
    log.debug("heads are not told: repository={} reason=\"{}\"", row.getId(), reason);
    settle(
        database.sql(), row, Map.of(REPOSITORY.HEADS_FAILURES, row.getHeadsFailures() + 1), pause);
  }

  private void settle(
      DSLContext sql, RepositoryRecord row, Map<Field<?>, Object> changes, Duration pause) {
    boolean unused = due.settle(sql, row, changes, clock.instant().plus(pause));
  }
}
