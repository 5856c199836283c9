package sh.cinch.ingress.running;

import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.forge.Site;
import sh.cinch.ingress.heads.ExpectedPushes;
import sh.cinch.ingress.webhooks.OwnDeliveries;
import sh.cinch.ingress.webhooks.Webhooks;
import sh.cinch.ingress.webhooks.delivery.BodySettings;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.NewHook;
import sh.cinch.ingress.webhooks.publish.OutboxPushes;
import sh.cinch.ingress.webhooks.publish.PushProducers;
import sh.cinch.ingress.webhooks.publish.PushPublisher;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.http.BoundedServer;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.Outbox;

/** The webhook path of an ingress, listening. */
public final class WebhookSide implements AutoCloseable {

  private static final Site FORGE =
      Site.bitbucketCloud(
          URI.create("https://bitbucket.org"), URI.create("https://api.bitbucket.org"));

  private final TestParts parts;
  private final Hooks hooks;
  private final Map<UUID, String> hinted = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final RunningService running;
  private final ExpectedPushes expected;
  private final PushPublisher publisher;

  public WebhookSide(TestParts parts) {
    this(parts, Webhooks.BODY_WITHIN, parts.context().http());
  }

  /** What signed deliveries have called repositories otherwise. */
  public Map<UUID, String> hinted() {
    return Map.copyOf(hinted);
  }

  /**
   * @param bodyWithin how long a body may take
   */
  public WebhookSide(TestParts parts, Duration bodyWithin, HttpBounds bounds) {
    this(parts, bodyWithin, bounds, BodySettings.USUAL);
  }

  /**
   * @param bodyWithin how long a body may take
   * @param kept which bodies are kept
   */
  public WebhookSide(TestParts parts, Duration bodyWithin, HttpBounds bounds, BodySettings kept) {
    this.parts = parts;
    this.hooks = new Hooks(parts.database(), parts.vault(), parts.context().clock());
    ServiceContext context = parts.context();
    running = new RunningService("ingress", context);
    Outbox outbox = new Outbox("ingress");
    PushProducers producers = PushProducers.of(running, Duration.ofSeconds(3));
    running.drain(outbox, producers.patient());
    expected = running.with("expected pushes", ExpectedPushes.start(context));
    publisher =
        running.with(
            "publisher",
            PushPublisher.start(
                context,
                producers,
                running::hasTopics,
                outbox,
                FORGE,
                expected,
                running.waking(RunningService.OUTBOX)));
    Webhooks webhooks =
        Webhooks.start(
            context,
            bounds,
            parts.vault(),
            bodyWithin,
            kept,
            publisher,
            new OutboxPushes(outbox, FORGE, context.clock()),
            (transaction, repository) -> {},
            (repository, name) -> hinted.put(repository, name),
            running);
    Router router = Router.router(context.vertx());
    webhooks.mount(router);
    this.server =
        BoundedServer.listen(
            context.vertx(),
            new HttpServerOptions().setHost("localhost").setPort(0),
            bounds,
            router);
    AutoCloseable listening = () -> server.close().await();
    running.with(listening);
  }

  public Hooks hooks() {
    return hooks;
  }

  /** Whether a delivery of this repository may bring a push that was missed. */
  public boolean expects(UUID repository) {
    return expected.isAny(repository);
  }

  /** What Cinch brings itself, by the same publisher. */
  public OwnDeliveries own() {
    return OwnDeliveries.of(parts.context(), parts.vault(), publisher);
  }

  public Deliveries deliveries() {
    return new Deliveries(parts.database());
  }

  public URI url(String path) {
    return URI.create("http://localhost:" + server.actualPort() + path);
  }

  /** A hook that is bound, as after our create call. */
  public Connected connect() {
    Connected connected = connect(false);
    bind(connected);
    return connected;
  }

  public void bind(Connected connected) {
    if (!hooks.bind(connected.hook(), new HookUuid(connected.forgeHook().toString()))) {
      throw new AssertionError("not bound");
    }
  }

  /** A hook that is not bound yet, as when a person was asked to make it. */
  public Connected connect(boolean allowUnsigned) {
    return connect("{" + UUID.randomUUID() + "}", "acme/app", allowUnsigned);
  }

  public Connected connect(String uuid, String fullName, boolean allowUnsigned) {
    UUID repository = parts.repository(uuid, fullName);
    NewHook hook = hooks.create(repository, true, allowUnsigned).orElseThrow();
    return new Connected(
        repository,
        uuid,
        fullName,
        hook.id(),
        UUID.randomUUID(),
        hook.secret(),
        url("/webhooks/bitbucket/" + hook.id()));
  }

  /** How often it has answered so. */
  public double answers(int status, String reason) {
    return parts
        .context()
        .metrics()
        .get("cinch.webhook.deliveries")
        .tag("answer", String.valueOf(status))
        .tag("reason", reason)
        .counter()
        .count();
  }

  /** How long all its answers together took. */
  public Duration answering() {
    Timer timer = parts.context().metrics().get("cinch.webhook.duration").timer();
    return Duration.ofNanos((long) timer.totalTime(TimeUnit.NANOSECONDS));
  }

  public List<Incoming> records(Connected connected) {
    return parts.records(Topic.PUSH, connected.repository().toString());
  }

  public List<PushEvent> events(Connected connected) {
    return records(connected).stream().map(WebhookSide::event).toList();
  }

  /** The same, each once: on a slow machine Kafka may be given one again, under its id. */
  public List<PushEvent> different(Connected connected) {
    Map<String, PushEvent> byId = new LinkedHashMap<>();
    records(connected).forEach(record -> byId.putIfAbsent(record.eventId(), event(record)));
    return List.copyOf(byId.values());
  }

  public List<String> eventIds(Connected connected) {
    return records(connected).stream().map(Incoming::eventId).toList();
  }

  public static PushEvent event(Incoming record) {
    return switch (EventJson.read(record.value(), PushEvent.class)) {
      case Reading.Good<PushEvent>(PushEvent event) -> event;
      case Reading.Bad<PushEvent>(String reason) -> throw new AssertionError(reason);
    };
  }

  @Override
  public void close() {
    running.close();
  }
}
