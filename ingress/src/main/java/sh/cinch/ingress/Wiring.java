package sh.cinch.ingress;

import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.artifacts.release.ReleaseChecks;
import sh.cinch.ingress.connecting.Connecting;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.git.GitAddress;
import sh.cinch.ingress.heads.ExpectedPushes;
import sh.cinch.ingress.pushes.Pushes;
import sh.cinch.ingress.readmodel.ReadModel;
import sh.cinch.ingress.reconciler.Reconciler;
import sh.cinch.ingress.web.Web;
import sh.cinch.ingress.webhooks.OwnDeliveries;
import sh.cinch.ingress.webhooks.Webhooks;
import sh.cinch.ingress.webhooks.delivery.BodySettings;
import sh.cinch.ingress.webhooks.held.HeldEnd;
import sh.cinch.ingress.webhooks.publish.OutboxPushes;
import sh.cinch.ingress.webhooks.publish.PushProducers;
import sh.cinch.ingress.webhooks.publish.PushPublisher;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.retention.Retention;

/**
 * The groups of the ingress, who is given whom, and what each role starts.
 *
 * @param collaborators of the web and the projections; empty where neither runs
 */
record Wiring(
    IngressConfig config,
    ServiceContext context,
    RunningService service,
    Outbox outbox,
    Connections connections,
    Optional<Collaborators> collaborators) {

  private static final Logger log = LoggerFactory.getLogger(Wiring.class);

  /** How long Kafka may take for one record; a push that waits longer goes by the outbox. */
  private static final Duration RECORD_WITHIN = Duration.ofSeconds(3);

  static Wiring of(IngressConfig config, ServiceContext context, RunningService service) {
    var outbox = new Outbox(IngressService.NAME);
    return new Wiring(
        config,
        context,
        service,
        outbox,
        new Connections(context.database(), outbox, config.site(), context.clock()),
        config.stores().map(stores -> Collaborators.of(stores, config.site(), context, service)));
  }

  /** In the roles' order: webhooks read their bodies themselves, the web answers all the rest. */
  void start(Router router) {
    new HealthRoutes(service.health()).mount(router);
    var roles = new Roles(config.roles());
    Optional<PushPublisher> publisher =
        roles.has(Role.WEBHOOKS) || roles.has(Role.WEB)
            ? Optional.of(publisher(roles))
            : Optional.empty();
    for (Role role : Role.values()) {
      if (roles.has(role)) {
        start(role, router, publisher);
      } else {
        Roles.refuse(role, router);
      }
    }
    roles.report(context, service);
  }

  private void start(Role role, Router router, Optional<PushPublisher> publisher) {
    switch (role) {
      case WEBHOOKS ->
          webhooks(config.bodies().orElseThrow(), publisher.orElseThrow()).mount(router);
      case WEB ->
          web(config.web().orElseThrow(), collaborators.orElseThrow(), publisher.orElseThrow())
              .mount(router);
      case PROJECTIONS -> projections(config.days().orElseThrow(), collaborators.orElseThrow());
    }
  }

  private HttpBounds bounds() {
    return context.http().behind(config.proxies());
  }

  /** One for what is delivered and for what is replayed: a repository's pushes have one line. */
  private PushPublisher publisher(Roles roles) {
    var producers = PushProducers.of(service, RECORD_WITHIN);
    if (roles.has(Role.WEBHOOKS)) {
      service.drain(outbox, producers.patient());
    }
    return service.with(
        "publisher",
        PushPublisher.start(
            context,
            producers,
            service::hasTopics,
            outbox,
            config.site(),
            service.with("expected pushes", ExpectedPushes.start(context)),
            service.waking(RunningService.OUTBOX)));
  }

  private Webhooks webhooks(BodySettings kept, PushPublisher publisher) {
    return Webhooks.start(
        context,
        bounds(),
        config.vault(),
        Webhooks.BODY_WITHIN,
        kept,
        publisher,
        late(),
        connections::firstDelivery,
        Connecting.nameHints(context, service),
        service);
  }

  private OutboxPushes late() {
    return new OutboxPushes(outbox, config.site(), context.clock());
  }

  private Web web(Web.Settings settings, Collaborators collaborators, PushPublisher publisher) {
    if ("https".equals(settings.baseUrl().getScheme()) && config.proxies().isEmpty()) {
      log.warn(
          "CINCH_BASE_URL is https, so a proxy is before Cinch, and CINCH_TRUSTED_PROXIES names"
              + " none: all visitors have the proxy's address, and share what one may do");
    }
    Connecting.startAddress(context, settings.baseUrl(), service);
    var producer = service.producer(RECORD_WITHIN);
    return Web.of(
        context,
        bounds(),
        settings,
        config.site(),
        Connecting.of(
            context,
            config.vault(),
            settings.baseUrl(),
            connections,
            collaborators.tokenService(),
            collaborators.leases(),
            collaborators.forge(),
            collaborators.asksAtMostEvery(),
            service.waking(RunningService.OUTBOX)),
        OwnDeliveries.of(context, config.vault(), publisher),
        collaborators.artifacts(),
        new ReleaseChecks(collaborators.forge(), collaborators.artifacts()),
        ReadModel.start(context, collaborators.artifacts(), producer, service),
        service.with("pushes", Pushes.start(context)),
        service.with(
            GitAddress.of(
                context,
                bounds(),
                settings.git(),
                config.site(),
                collaborators.gitLeases(),
                collaborators.requests())),
        producer);
  }

  private void projections(IngressConfig.Days kept, Collaborators collaborators) {
    Connecting.startUpkeep(
        context,
        config.vault(),
        connections,
        collaborators.tokenService(),
        collaborators.leases(),
        collaborators.forge(),
        service.waking(RunningService.OUTBOX),
        service);
    collaborators.artifacts().startUpkeep(context, service);
    ReadModel.startCopies(context, outbox, collaborators.artifacts(), service);
    Retention.start(
        service,
        context,
        List.of(
            Webhooks.oldDeliveries(kept.deliveries()),
            ReadModel.oldPushes(kept.pushes()),
            ReadModel.oldStatuses(kept.statuses()),
            ReadModel.oldReports(kept.statuses()),
            ReadModel.oldReleases(kept.releases())));
    Reconciler.start(
        context,
        connections,
        collaborators.forge(),
        outbox,
        new HeldEnd(context, config.vault(), late(), service.waking(RunningService.OUTBOX)),
        ReadModel.pushesRecorded(context, service)::recordedUntil,
        service.waking(RunningService.OUTBOX),
        service);
    Retention.start(
        service,
        context,
        List.of(Webhooks.oldTwins(), Webhooks.oldSimulations(), Webhooks.formerBodies()));
    Retention.start(service, context, Webhooks.oldBodies(kept.bodies()));
    Retention.start(service, context, Reconciler.old());
    Retention.start(service, context, List.of(Pushes.oldConsumers()));
    Retention.start(service, context, ReadModel.oldDeadLetters());
  }
}
