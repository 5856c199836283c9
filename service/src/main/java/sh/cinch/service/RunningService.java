package sh.cinch.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.TimeGauge;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.producer.Producer;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.config.Listen;
import sh.cinch.service.due.Loop;
import sh.cinch.service.due.Step;
import sh.cinch.service.exit.LastResort;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.health.Health;
import sh.cinch.service.health.ManagementServer;
import sh.cinch.service.http.BoundedServer;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.intake.Intake;
import sh.cinch.service.intake.IntakeProgress;
import sh.cinch.service.intake.Recorder;
import sh.cinch.service.kafka.TopicCare;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.outbox.OutboxDrain;
import sh.cinch.service.text.OneLine;

/**
 * A service that was started: its parts, of which the first started is the last to stop, their
 * health, and its ports.
 */
public final class RunningService implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RunningService.class);

  /** The part that sends what is in the outbox. */
  public static final String OUTBOX = "outbox";

  private static final String TOPICS = "topics";
  private static final Duration LOOKING = Duration.ofSeconds(2);
  private static final Duration DRAINING = Duration.ofMillis(500);
  private static final Duration COUNTING = Duration.ofSeconds(5);
  private static final Duration TO_FINISH_SENDING = Duration.ofSeconds(5);

  private final String name;
  private final ServiceContext context;
  private final Running running = new Running();
  private final Health health = new Health();
  private final Map<String, Loop> loops = new ConcurrentHashMap<>();
  private final Map<String, Supplier<JsonObject>> reports = new ConcurrentHashMap<>();
  private @Nullable TopicCare topics;
  private @Nullable HttpServer server;
  private @Nullable ManagementServer management;

  /** One without parts and ports. */
  public RunningService(String name, ServiceContext context) {
    this.name = name;
    this.context = context;
    health.with("database", context.database());
  }

  /**
   * @param context stays the caller's to close
   * @param management where it listens for operators
   * @param topics created where they are missing; where Kafka is away, once it is there
   * @param assembly starts the parts; where it throws, those that were started are closed
   * @throws IllegalStateException where a topic cannot be used as it is
   */
  public static RunningService start(
      String name,
      ServiceContext context,
      Listen management,
      List<Topic<?>> topics,
      Consumer<RunningService> assembly) {
    return start(name, context, management, topics, true, assembly);
  }

  /**
   * The same.
   *
   * @param needsKafka whether it is of no use before Kafka is there, and not ready then
   */
  public static RunningService start(
      String name,
      ServiceContext context,
      Listen management,
      List<Topic<?>> topics,
      boolean needsKafka,
      Consumer<RunningService> assembly) {
    RunningService service = new RunningService(name, context);
    boolean started = false;
    try {
      service.care(TopicCare.begin(context.kafka(), topics, context.clock(), needsKafka));
      assembly.accept(service);
      service.management =
          service.with(
              ManagementServer.start(
                  context.vertx(),
                  management,
                  context.http(),
                  name,
                  service.health,
                  context.metrics(),
                  service.reports));
      started = true;
      return service;
    } finally {
      // Not by catching: a port that is taken is a checked exception, thrown unchecked.
      if (!started) {
        service.close();
      }
    }
  }

  private void care(TopicCare care) {
    topics = care;
    Loop looking = loop(TOPICS, care, LOOKING);
    health.with(
        TOPICS, () -> care.check() instanceof Check.Unwell unwell ? unwell : looking.check());
  }

  /** Whether the topics are as they must be, so that records may be sent. */
  public boolean hasTopics() {
    return topics == null || topics.isGood();
  }

  public <T extends AutoCloseable> T with(T part) {
    return running.with(part);
  }

  /** A part without which the service is not ready. */
  public <T extends AutoCloseable & Checked> T with(String part, T started) {
    health.with(part, started);
    return running.with(started);
  }

  /** A step run again and again; in the log it is the service's name and the part's. */
  public Loop loop(String part, Step step, Duration every) {
    Loop loop = with(part, Loop.start(name + "-" + part, step, every));
    loops.put(part, loop);
    return loop;
  }

  public Health health() {
    return health;
  }

  /** What the management port answers at this path, too. */
  public void report(String path, Supplier<JsonObject> report) {
    reports.put(path, report);
  }

  /**
   * @param within how long Kafka may take for one record
   */
  public Producer<byte[], byte[]> producer(Duration within) {
    Producer<byte[], byte[]> producer = context.kafka().producer(within);
    running.with(() -> producer.close(TO_FINISH_SENDING));
    return producer;
  }

  /** The same, but where sending would block, it fails. For what is waited for, to its end. */
  public Producer<byte[], byte[]> instantProducer(Duration within) {
    Producer<byte[], byte[]> producer = context.kafka().instantProducer(within);
    running.with(() -> producer.close(Duration.ZERO));
    return producer;
  }

  /** Sends what is in the outbox; once more at the end, for what the parts above settled last. */
  public Loop drain(Outbox outbox, Producer<byte[], byte[]> producer) {
    OutboxDrain drain =
        new OutboxDrain(context.database(), outbox, producer::send, context.metrics());
    running.with(() -> drainOnceMore(drain));
    return loop(OUTBOX, () -> hasTopics() && drain.run(), DRAINING);
  }

  private void drainOnceMore(OutboxDrain drain) {
    try {
      while (hasTopics() && drain.run()) {
        log.debug("service={} sends what is left", name);
      }
    } catch (RuntimeException e) {
      // Nothing is lost: it lies in the database.
      log.warn(
          "service={} leaves its outbox to the next start: {}", name, OneLine.of(e.toString()));
    }
  }

  /** Of what the service is there for: its instances share the topic under the service's name. */
  public void intake(String intake, Topic<?> topic, Recorder<?> recorder, DeadLetters deadLetters) {
    intake("intake", intake, name, topic, recorder, deadLetters);
  }

  /** Of what it copies from another topic, in a consumer group of its own. */
  public void copy(String part, Topic<?> topic, Recorder<?> recorder, DeadLetters deadLetters) {
    String group = name + "-" + part;
    intake(part, group, group, topic, recorder, deadLetters);
  }

  private void intake(
      String part,
      String intake,
      String group,
      Topic<?> topic,
      Recorder<?> recorder,
      DeadLetters deadLetters) {
    with(
        part,
        Intake.start(
            intake,
            context.kafka().consumer(group),
            List.of(topic),
            context.database(),
            recorder,
            deadLetters,
            context.metrics()));
  }

  /** How far the intakes of {@link #intake} have come with their topic, in all instances. */
  public IntakeProgress progress(Topic<?> topic) {
    return with(new IntakeProgress(context.kafka(), name, topic, context.clock()));
  }

  /** A figure that the database is asked for now and then. */
  public void backlog(String metric, String description, ToIntFunction<DSLContext> count) {
    AtomicInteger backlog = new AtomicInteger();
    Gauge.builder(metric, backlog, AtomicInteger::get)
        .description(description)
        .strongReference(true)
        .register(context.metrics());
    loop(
        metric,
        () -> {
          backlog.set(count.applyAsInt(context.database().sql()));
          return false;
        },
        COUNTING);
  }

  /** The same of a time, in seconds. */
  public void longestWait(
      String metric, String description, Function<DSLContext, Duration> longest) {
    AtomicLong seconds = new AtomicLong();
    TimeGauge.builder(metric, seconds::get, TimeUnit.SECONDS)
        .description(description)
        .register(context.metrics());
    loop(
        "longest-wait",
        () -> {
          seconds.set(longest.apply(context.database().sql()).toSeconds());
          return false;
        },
        COUNTING);
  }

  /**
   * Listens on the port that others than operators use. Closing takes no more requests, and lets
   * those in flight finish.
   */
  public void listen(
      HttpServerOptions options, Handler<HttpServerRequest> handler, Duration toFinish) {
    HttpServer listening = listening(context.vertx(), context.http(), options, handler);
    running.with(() -> listening.shutdown(toFinish.toMillis(), TimeUnit.MILLISECONDS).await());
    server = listening;
  }

  static HttpServer listening(
      Vertx vertx,
      HttpBounds bounds,
      HttpServerOptions options,
      Handler<HttpServerRequest> handler) {
    if (handler instanceof Router router) {
      // Before those that answer a failure, and would let the process go on.
      router.route().order(Integer.MIN_VALUE).failureHandler(RunningService::unlessOutOfMemory);
    }
    return BoundedServer.listen(vertx, options, bounds, handler);
  }

  private static void unlessOutOfMemory(RoutingContext failed) {
    LastResort.endIfOutOfMemory(failed.failure());
    failed.next();
  }

  /** Where {@link #listen} listens. */
  public int port() {
    return Objects.requireNonNull(server).actualPort();
  }

  public int managementPort() {
    return Objects.requireNonNull(management).port();
  }

  /** A loop attends at once to what is due, as it would in its time. */
  public void wake(String part) {
    Objects.requireNonNull(loops.get(part), part).wake();
  }

  /**
   * Wakes a loop of this process, whenever it is started; does nothing where the loop runs in
   * another process, which looks by itself.
   */
  public Runnable waking(String part) {
    return () -> Optional.ofNullable(loops.get(part)).ifPresent(Loop::wake);
  }

  @Override
  public void close() {
    running.close();
  }
}
