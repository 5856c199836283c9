package sh.cinch.ingress.reconciler;

import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.HELD_PUSH;
import static sh.cinch.database.ingress.Tables.MISSED_PUSH;
import static sh.cinch.database.ingress.Tables.RECONCILER_RUN;
import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.ingress.Tables.WORKSPACE_LOOK;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.Database;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.forge.Forge;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.forge.call.Requests;
import sh.cinch.forge.cloud.BitbucketCloud;
import sh.cinch.ingress.artifacts.release.ReleasedFiles;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.heads.KnownHead;
import sh.cinch.ingress.heads.KnownHeads;
import sh.cinch.ingress.readmodel.ReadModel;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.ingress.webhooks.held.HeldEnd;
import sh.cinch.ingress.webhooks.publish.OutboxPushes;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.RunningService;
import sh.cinch.service.intake.IntakeProgress;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.PushBody.Change;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;
import sh.cinch.testkit.TopicWriter;
import sh.cinch.testkit.WebhookDelivery;

/**
 * An ingress that receives deliveries and copies what was published, and a Bitbucket that delivers
 * nothing by itself; looks are made when a test says so. Each test has repositories of its own.
 */
final class Looking implements AutoCloseable {

  private static final String SECRET = "ingress-secret-for-tests";

  /** Past the next look, and past the one that confirms. */
  static final Duration A_WHILE = Duration.ofSeconds(61);

  private final Running running = new Running();
  final KafkaAccess kafka = running.with(Broker.temporary()).access();
  private final Database database = TestServers.shared().freshDatabase();
  final TestParts parts;
  final SimulatedBitbucket bitbucket = running.with(SimulatedBitbucket.start());
  final FakeTokenService tokenService;
  final WebhookSide side;
  final Forge forge;
  final Outbox outbox = new Outbox("ingress");
  final Connections connections;
  final IntakeProgress progress;
  final RunningService copies;
  OutageWatch outages;
  HeadLooks looks;

  /** A repository of both sides. */
  record Watched(Connected connected, FakeTokenService.Credential credential) {

    UUID id() {
      return connected.repository();
    }

    String name() {
      return connected.fullName();
    }
  }

  Looking() {
    this(0);
  }

  /**
   * @param hourlyLimit of requests to Bitbucket; 0: none
   */
  Looking(int hourlyLimit) {
    Topics.ensure(TestParts.kafka(kafka), Topic.ALL);
    this.parts = running.with(TestParts.open(kafka, database));
    var context = parts.context();
    this.tokenService = running.with(new FakeTokenService(context.vertx(), SECRET, bitbucket));
    this.side = running.with(new WebhookSide(parts));
    this.copies = running.with(new RunningService("ingress", context));
    Site site = Site.bitbucketCloud(bitbucket.url(), bitbucket.url());
    this.forge =
        copies.with(
            new BitbucketCloud(
                context.vertx(),
                site,
                new Leases(context.vertx(), tokenService.url(), Secret.of(SECRET), context.clock()),
                Requests.of(copies, context, HourlyLimit.of(hourlyLimit)),
                context.clock(),
                8));
    this.connections = new Connections(parts.database(), outbox, site, context.clock());
    ReadModel.startCopies(context, outbox, ReleasedFiles.NONE, copies);
    this.progress = ReadModel.pushesRecorded(context, copies);
    this.outages = new OutageWatch(context.clock());
    this.looks = looks();
  }

  /** Nothing is connected, due or waiting any more, and Bitbucket has no outage. */
  void clear() {
    bitbucket.mend();
    DSLContext sql = parts.database().sql();
    sql.update(REPOSITORY).set(REPOSITORY.STATE, "disconnected").execute();
    for (Table<?> table : List.of(MISSED_PUSH, HELD_PUSH, WORKSPACE_LOOK, RECONCILER_RUN)) {
      sql.deleteFrom(table).execute();
    }
    outages = new OutageWatch(parts.clock());
    looks = looks();
  }

  private HeadLooks looks() {
    return new HeadLooks(
        parts.database(),
        forge,
        new LookPace(parts.database(), forge, parts.clock()),
        outages,
        parts.clock(),
        new LookCounts(parts.context().metrics()));
  }

  MissedPushPublisher publisher() {
    return publisher(progress::recordedUntil);
  }

  MissedPushPublisher publisher(Supplier<Optional<Instant>> recordedUntil) {
    return new MissedPushPublisher(
        parts.database(),
        connections,
        outbox,
        forge.site(),
        recordedUntil,
        () -> {},
        parts.clock(),
        parts.context().metrics().counter("cinch.reconciler.published"));
  }

  /** For one more instance of the same service, with a clock of its own. */
  TestParts another() {
    TestParts another = TestParts.open(kafka, database, parts.vault());
    another.clock().advance(Duration.between(another.clock().instant(), parts.clock().instant()));
    return another;
  }

  HeldEnd heldEnd() {
    return new HeldEnd(
        parts.context(),
        parts.vault(),
        new OutboxPushes(outbox, forge.site(), parts.clock()),
        () -> {});
  }

  HeldPushChecks heldPushChecks() {
    return heldPushChecks(progress::recordedUntil);
  }

  HeldPushChecks heldPushChecks(Supplier<Optional<Instant>> recordedUntil) {
    return new HeldPushChecks(
        parts.database(),
        connections,
        forge,
        outages,
        heldEnd(),
        recordedUntil,
        parts.clock(),
        new LookCounts(parts.context().metrics()));
  }

  Watched watch() {
    String name = "acme/app-" + UUID.randomUUID().toString().substring(0, 8);
    bitbucket.repository(name);
    return watch(
        name,
        "access-token",
        tokenService.credential(UUID.randomUUID(), bitbucket.token(name, "repository")));
  }

  /** Some of one workspace that one person has connected, each with a main branch. */
  List<Watched> several(int count) {
    FakeTokenService.Credential credential =
        tokenService.credential(
            UUID.randomUUID(),
            bitbucket
                .exchange(bitbucket.grant("ada"), SimulatedBitbucket.CALLBACK.toString())
                .json()
                .getString("access_token"));
    return IntStream.range(0, count)
        .mapToObj(i -> "acme/app-" + UUID.randomUUID().toString().substring(0, 8))
        .map(
            name -> {
              bitbucket.repository(name);
              bitbucket.push(name, "refs/heads/main");
              return watch(name, "oauth", credential);
            })
        .toList();
  }

  private Watched watch(String name, String kind, FakeTokenService.Credential credential) {
    JsonObject onBitbucket = bitbucket.repository(name);
    Connected connected = side.connect(onBitbucket.getString("uuid"), name, false);
    side.bind(connected);
    parts
        .database()
        .sql()
        .update(REPOSITORY)
        .set(REPOSITORY.CREDENTIAL_ID, credential.id())
        .set(REPOSITORY.CREDENTIAL_KIND, kind)
        .set(REPOSITORY.WORKSPACE_UUID, onBitbucket.getJsonObject("workspace").getString("uuid"))
        .where(REPOSITORY.ID.eq(connected.repository()))
        .execute();
    return new Watched(connected, credential);
  }

  /** One that was looked at before, with a main branch. */
  Watched known() {
    Watched watched = watch();
    push(watched, "refs/heads/main");
    look();
    return watched;
  }

  /** Pushes; nobody delivers it. */
  String push(Watched watched, String ref) {
    return bitbucket.push(watched.name(), ref);
  }

  void delete(Watched watched, String ref) {
    bitbucket.push(watched.name(), List.of(Map.of("ref", ref, "delete", true)));
  }

  /** A delivery of a push of a branch, which is on the topic afterwards. */
  WebhookDelivery delivery(
      Watched watched, String branch, @Nullable String from, @Nullable String to) {
    return watched.connected().delivery(watched.connected().push(Change.branch(branch, from, to)));
  }

  /** Writes what an instance publishes that takes a delivery of a push. */
  void sendAsDelivered(Watched watched, String ref, String from, String to) {
    try (TopicWriter topics = new TopicWriter(kafka)) {
      topics.write(
          Topic.PUSH,
          watched.id().toString(),
          new PushEvent(
              new Repository(
                  watched.id(),
                  "bitbucket-cloud",
                  watched.name(),
                  watched.connected().uuid(),
                  "https://bitbucket.org/" + watched.name() + ".git"),
              ref,
              PushEvent.Type.BRANCH,
              PushEvent.Change.UPDATED,
              from,
              to,
              false,
              to,
              null,
              null,
              false,
              false,
              null,
              null,
              watched.connected().hook(),
              UUID.randomUUID(),
              1,
              null,
              Instant.now()));
    }
  }

  /** Empty where the outbox' lock could not be had. */
  <T> Optional<T> whileNothingIsDrained(Supplier<T> work) {
    return await()
        .until(
            () -> parts.database().exclusively("outbox ingress", session -> work.get()),
            Optional::isPresent);
  }

  /** Waits until what is on the topic is among the known heads. */
  void recorded() {
    parts.awaitRead("ingress-copies", List.of(Topic.PUSH));
  }

  /** Looks at all that are due. */
  int look() {
    List<HeadLooks.Claimed> due = looks.claim(1_000, List.of());
    due.forEach(looks::look);
    return due.size();
  }

  void wait(Duration span) {
    parts.clock().advance(span);
  }

  /** The second look, and what comes of it. */
  void confirm() {
    wait(A_WHILE);
    look();
    publish();
  }

  void publish() {
    publish(publisher());
  }

  /** Until nothing waits any more that may be published. */
  void publish(MissedPushPublisher publisher) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              boolean unused = publisher.run();
              return !parts
                  .database()
                  .sql()
                  .fetchExists(
                      MISSED_PUSH,
                      MISSED_PUSH.CONFIRMED_AT.isNotNull().and(MISSED_PUSH.PUBLISHED_AT.isNull()));
            });
  }

  /** In how long the next look at a repository is due. */
  Duration dueIn(Watched watched) {
    return Duration.between(
        parts.clock().instant(),
        parts
            .database()
            .sql()
            .select(REPOSITORY.HEADS_DUE_AT)
            .from(REPOSITORY)
            .where(REPOSITORY.ID.eq(watched.id()))
            .fetchSingle()
            .value1());
  }

  /** Puts it off, or brings it forward. */
  void dueIn(Watched watched, Duration span) {
    parts
        .database()
        .sql()
        .update(REPOSITORY)
        .set(REPOSITORY.HEADS_DUE_AT, parts.clock().instant().plus(span))
        .where(REPOSITORY.ID.eq(watched.id()))
        .execute();
  }

  /** How many looks at heads were done. */
  double looksDone() {
    var counter =
        parts.context().metrics().find("cinch.reconciler.looks").tag("outcome", "done").counter();
    return counter == null ? 0 : counter.count();
  }

  WorkspaceLooks workspaces() {
    return new WorkspaceLooks(
        parts.database(),
        forge,
        new LookPace(parts.database(), forge, parts.clock()),
        parts.clock(),
        new LookCounts(parts.context().metrics()),
        () -> {});
  }

  int rows(Table<?> table) {
    return parts.database().sql().fetchCount(table);
  }

  @Nullable KnownHead head(Watched watched, String ref) {
    return KnownHeads.of(parts.database().sql(), watched.id()).get(ref);
  }

  /** Once the outbox is drained. */
  List<PushEvent> events(Watched watched, int count) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> side.different(watched.connected()).size() >= count);
    return side.different(watched.connected());
  }

  /** The ids of all of them, once the outbox is drained. */
  List<String> eventIds(Watched watched, int count) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> side.records(watched.connected()).size() >= count);
    return side.eventIds(watched.connected());
  }

  /** Waits until deliveries know that they may meet a push that was missed. */
  void expected(Watched watched) {
    await().atMost(Duration.ofMinutes(1)).until(() -> side.expects(watched.id()));
  }

  @Override
  public void close() {
    running.close();
  }
}
