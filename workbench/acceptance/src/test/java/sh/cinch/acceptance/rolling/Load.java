package sh.cinch.acceptance.rolling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.codec.digest.DigestUtils;
import sh.cinch.acceptance.rolling.Check.Report;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TopicWriter;

/** People who push and release, and runners that tell how the builds stand. */
final class Load implements AutoCloseable {

  /** A push whose delivery was answered 202. */
  record Accepted(String ref, String commit) {}

  /**
   * @param id Cinch's
   * @param files by name, with what is in them
   */
  record Released(String id, List<String> files) {}

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<State> ENDS = List.of(State.SUCCESS, State.FAILURE, State.CANCELLED);
  private static final List<String> KEYS = List.of("unit", "lint", "k".repeat(60));
  private static final byte[] CONTENT = "what was built\n".repeat(1000).getBytes(UTF_8);
  static final String CONTENT_SHA256 = DigestUtils.sha256Hex(CONTENT);

  private final Fleet fleet;
  private final SimulatedBitbucket bitbucket;
  private final TopicWriter topics;
  private final Random random = new Random();
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(12);
  private final AtomicInteger underWay = new AtomicInteger();
  private final Queue<Runnable> kept = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final String artifact;
  private final AtomicInteger reports = new AtomicInteger();
  private int pushes;
  private volatile boolean isPaused = true;
  private volatile boolean isForSeveralRefs;

  final String fullName;
  final UUID repository;
  final List<Check> checks = new CopyOnWriteArrayList<>();
  final List<Accepted> accepted = new CopyOnWriteArrayList<>();
  final List<Released> releases = new CopyOnWriteArrayList<>();

  Load(Fleet fleet, String fullName, Duration betweenPushes) {
    this.fleet = fleet;
    this.bitbucket = fleet.bitbucket;
    this.topics = new TopicWriter(fleet.servers.kafka());
    this.fullName = fullName;
    bitbucket.repository(fullName);
    JsonObject connect =
        new JsonObject()
            .put("forge", "bitbucket-cloud")
            .put("fullName", fullName)
            .put("token", bitbucket.token(fullName, "repository", "repository:write", "webhook"));
    this.repository = ask("POST", "/repositories", Map.of(), bytes(connect)).id();
    String digest = Base64.getEncoder().encodeToString(DigestUtils.sha256(CONTENT));
    this.artifact =
        ask(
                "PUT",
                "/artifacts?repository=" + repository,
                Map.of("Digest", "sha-256=" + digest),
                CONTENT)
            .text("id");
    Future<?> unused =
        threads.scheduleAtFixedRate(this::push, 0, betweenPushes.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Reports that were told so far, those that were repeated once. */
  int reports() {
    return reports.get();
  }

  void resume() {
    isPaused = false;
  }

  /** Until all is told that was to be told in this stage. */
  void pause() {
    isPaused = true;
    await().atMost(PATIENCE).until(() -> underWay.get() == 0);
    if (!failures.isEmpty()) {
      throw new AssertionError("the load has failed", failures.peek());
    }
  }

  /** What was kept back in the stage before is told now. */
  void tellWhatWasKept() {
    for (Runnable report = kept.poll(); report != null; report = kept.poll()) {
      after(random.nextInt(5000), report);
    }
  }

  /** Whether from now on a commit may be built for two refs under one key. */
  void isForSeveralRefs(boolean now) {
    isForSeveralRefs = now;
  }

  private void push() {
    if (!isPaused) {
      int number = pushes++;
      after(0, () -> pushed(number));
    }
  }

  private void pushed(int number) {
    String main = "refs/heads/main";
    String commit = push(Map.of("ref", main));
    List<Check> begun = new ArrayList<>();
    for (String key : KEYS.subList(0, 1 + random.nextInt(KEYS.size()))) {
      begun.add(begin(commit, key, main));
    }
    if (isForSeveralRefs && number % 3 == 0) {
      String tag = "refs/tags/t" + number;
      push(Map.of("ref", tag, "to", commit));
      // The first ref is the one that was told of first.
      await().atMost(PATIENCE).until(() -> begun.getFirst().wanted().isPresent());
      Check unused = begin(commit, begun.getFirst().key(), tag);
    }
    if (number % 10 == 5) {
      release("v" + number, commit);
    }
  }

  /** The commit that the ref points to then. */
  private String push(Map<String, String> change) {
    JsonObject pushed = bitbucket.push(fullName, List.of(change));
    JsonObject moved = pushed.getJsonArray("changes").getJsonObject(0);
    boolean isAccepted =
        pushed.getJsonArray("deliveries").stream()
            .map(JsonObject.class::cast)
            .flatMap(delivery -> delivery.getJsonArray("attempts").stream())
            .map(JsonObject.class::cast)
            .anyMatch(attempt -> attempt.getInteger("status") == 202);
    if (isAccepted) {
      accepted.add(new Accepted(moved.getString("ref"), moved.getString("new")));
    }
    return moved.getString("new");
  }

  /** One of the ways in which what is told of builds comes. */
  private Check begin(String commit, String key, String ref) {
    Check check;
    synchronized (this) {
      check = new Check(checks.size(), commit, key, ref);
      checks.add(check);
    }
    State end = ENDS.get(random.nextInt(ENDS.size()));
    Build first = new Build(check, 1, Instant.now());
    switch (random.nextInt(7)) {
      case 0 -> first.inOrder(end, 0);
      case 1 -> {
        first.told(0, 1, State.PENDING);
        first.told(500, 3, end);
        first.told(1000 + random.nextInt(2000), 2, State.RUNNING);
      }
      case 2 -> {
        first.inOrder(end, 0);
        first.inOrder(end, 300);
        first.inOrder(end, 5000);
      }
      case 3 -> {
        first.told(0, 3, end);
        first.told(700, 2, State.RUNNING);
        first.told(1400, 1, State.PENDING);
      }
      case 4 -> {
        first.inOrder(State.ERROR, 0);
        after(1500, () -> new Build(check, 2, Instant.now()).inOrder(end, 0));
        first.told(6000, 2, State.RUNNING);
      }
      case 5 -> {
        first.told(0, 1, State.PENDING);
        first.told(300, 2, State.RUNNING);
        kept.add(() -> first.tell(3, end));
      }
      default -> {
        first.told(0, 1, State.PENDING);
        first.told(600, 3, end);
        kept.add(() -> first.tell(2, State.RUNNING));
      }
    }
    return check;
  }

  private final class Build {

    private final Check check;
    private final int number;
    private final Instant began;
    private final Map<Integer, String> events = new ConcurrentHashMap<>();

    Build(Check check, int number, Instant began) {
      this.check = check;
      this.number = number;
      this.began = began;
    }

    void inOrder(State end, int delay) {
      told(delay, 1, State.PENDING);
      told(delay + 200 + random.nextInt(1000), 2, State.RUNNING);
      told(delay + 1300 + random.nextInt(2500), 3, end);
    }

    void told(int delay, int sequence, State state) {
      after(delay, () -> tell(sequence, state));
    }

    /** Told again it is the same event. */
    void tell(int sequence, State state) {
      Report report = new Report(number, sequence, state);
      BuildState build =
          new BuildState(
              RepositoryRef.byId(repository),
              check.commit(),
              check.ref(),
              check.key(),
              "Build",
              "%d-%d".formatted(check.id(), number),
              state,
              null,
              check.url(report),
              (long) sequence,
              began.plusMillis(sequence),
              null,
              null);
      boolean isNew = !events.containsKey(sequence);
      String event = events.computeIfAbsent(sequence, none -> UUID.randomUUID().toString());
      if (isNew && random.nextInt(8) == 0) {
        Reply unused =
            ask(
                "POST",
                "/repositories/" + repository + "/build-states",
                Map.of(),
                EventJson.write(build));
      } else {
        topics.write(
            Topic.BUILD_STATE,
            repository + ":" + check.commit(),
            EventJson.write(build),
            Map.of("ce_id", event));
      }
      check.add(report);
      if (isNew) {
        reports.incrementAndGet();
      }
    }
  }

  private void release(String tag, String commit) {
    String unused = push(Map.of("ref", "refs/tags/" + tag, "to", commit));
    List<String> names = List.of(tag + "-a.txt", tag + "-b.txt", tag + "-c.txt");
    JsonArray files = new JsonArray();
    names.forEach(
        name ->
            files.add(
                new JsonObject()
                    .put("name", name)
                    .put("size", CONTENT.length)
                    .put("sha256", CONTENT_SHA256)
                    .put("source", "artifact:" + artifact)));
    JsonObject request =
        new JsonObject()
            .put("repository", new JsonObject().put("id", repository.toString()))
            .put("tag", tag)
            .put("commit", commit)
            .put("options", new JsonObject().put("checksums", false))
            .put("files", files);
    Reply reply = ask("POST", "/releases", Map.of("Idempotency-Key", tag), bytes(request));
    releases.add(new Released(reply.text("id"), names));
  }

  /** As a client does it: again while nobody answers, or nobody can now. */
  Reply ask(String method, String path, Map<String, String> headers, byte[] body) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .ignoreException(UncheckedIOException.class)
        .until(() -> once(method, path, headers, body), reply -> reply.status() < 500);
  }

  private Reply once(String method, String path, Map<String, String> headers, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(fleet.ingress() + "/api/v1" + path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + Fleet.API_TOKEN)
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    request.header(
        "Content-Type", method.equals("PUT") ? "application/octet-stream" : "application/json");
    headers.forEach(request::header);
    Reply reply = Http.send(request);
    if (reply.status() >= 400 && reply.status() < 500) {
      throw new AssertionError(method + " " + path + " was answered " + reply);
    }
    return reply;
  }

  private void after(int ms, Runnable step) {
    underWay.incrementAndGet();
    Future<?> unused =
        threads.schedule(
            () -> {
              try {
                step.run();
              } catch (Throwable e) {
                failures.add(e);
              } finally {
                underWay.decrementAndGet();
              }
            },
            ms,
            TimeUnit.MILLISECONDS);
  }

  private static byte[] bytes(JsonObject json) {
    return json.encode().getBytes(UTF_8);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    topics.close();
  }
}
