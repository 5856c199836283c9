package sh.cinch.ingress.reconciler;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import sh.cinch.forge.Forge;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.heads.KnownHeads;
import sh.cinch.ingress.heads.MissedPushes;
import sh.cinch.ingress.webhooks.held.HeldEnd;
import sh.cinch.schema.event.Limits;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.due.Attempts;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.retention.Retention.Kind;

/** Finds the pushes that no delivery brought, and publishes them. */
public final class Reconciler {

  private static final int LOOKS_AT_ONCE = 4;
  private static final Duration LONGEST_LOOK = Duration.ofMinutes(5);
  private static final Duration ADOPTING = Duration.ofMinutes(1);
  private static final Duration LOOKING = Duration.ofSeconds(1);
  private static final Duration PUBLISHING = Duration.ofSeconds(1);

  private Reconciler() {}

  /**
   * @param held ends what is held
   * @param recordedUntil a moment until which all pushes on the topic are among the known heads
   * @param stored told when there is something to drain from the outbox
   */
  public static void start(
      ServiceContext context,
      Connections connections,
      Forge forge,
      Outbox outbox,
      HeldEnd held,
      Supplier<Optional<Instant>> recordedUntil,
      Runnable stored,
      RunningService service) {
    var database = context.database();
    var clock = context.clock();
    var outages = new OutageWatch(clock);
    service.loop(
        "missed-pushes",
        new MissedPushPublisher(
            database,
            connections,
            outbox,
            forge.site(),
            recordedUntil,
            stored,
            clock,
            context.metrics().counter("cinch.reconciler.published")),
        PUBLISHING);
    var counts = new LookCounts(context.metrics());
    service.loop(
        "held-push-checks",
        new HeldPushChecks(
            database, connections, forge, outages, held, recordedUntil, clock, counts),
        HeldPushChecks.EVERY);
    service.backlog("cinch.held.pushes", "Pushes that are held", HeldEnd::count);
    service.longestWait(
        "cinch.held.longest", "How long the one is held that is held longest", held::longest);
    var pace = new LookPace(database, forge, clock);
    var looks = new HeadLooks(database, forge, pace, outages, clock, counts);
    var attempts =
        service.with(
            "reconciler",
            Attempts.start("reconciler", LOOKS_AT_ONCE, LONGEST_LOOK, looks::claim, looks::look));
    service.loop(
        "after-outage",
        new AfterOutage(database, outages, clock, attempts::wake),
        AfterOutage.EVERY);
    var workspaces = new WorkspaceLooks(database, forge, pace, clock, counts, attempts::wake);
    service.loop("workspaces", workspaces::adopt, ADOPTING);
    service.loop("workspace-looks", workspaces, LOOKING);
    service.loop(
        "reconciler-gauges",
        new RoundGauges(database, clock, context.metrics()),
        RoundGauges.EVERY);
  }

  /** What nobody asks for any more. */
  public static List<Kind> old() {
    return List.of(
        new Kind("missed-pushes", MissedPushes.kept(), MissedPushes.old()),
        new Kind("known-heads", Limits.AGE, KnownHeads.deleted()),
        new Kind("heads-of-disconnected", Limits.AGE, KnownHeads.ofDisconnected()));
  }
}
