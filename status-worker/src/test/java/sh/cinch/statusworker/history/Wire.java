package sh.cinch.statusworker.history;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sh.cinch.testkit.ShiftedClock;

/**
 * The way from the instances to Bitbucket. Sees how each request ended for its caller, lets
 * requests land late, and keeps them back while their callers are paused; time is put forward here,
 * so that no request is older than it may be unless it is known to be.
 */
final class Wire implements AutoCloseable {

  private static final Pattern POST = Pattern.compile(".*/commit/([0-9a-f]{40})/statuses/build");
  private static final Duration ON_ITS_WAY = Duration.ofMillis(60);

  /** What becomes of the next post about a commit. */
  sealed interface Mishap {
    /** Its caller gets no answer; it lands that much later all the same. */
    record Late(Duration by) implements Mishap {}

    /**
     * Its caller stands still meanwhile, from before it was sent.
     *
     * @param late what becomes of it then; null: nothing
     */
    record Paused(@Nullable Late late) implements Mishap {}
  }

  /** A post of a status, as its caller sent it. */
  static final class Post {

    final String commit;
    final JsonObject body;
    private final List<String> course = Collections.synchronizedList(new ArrayList<>());
    volatile Gate.Passage passage = Gate.Passage.NEVER;
    volatile boolean isEndKnown;

    private Post(String commit, JsonObject body) {
      this.commit = commit;
      this.body = body;
    }

    String mark() {
      return body.getString("description", "");
    }

    String key() {
      return body.getString("key", "");
    }

    @Override
    public String toString() {
      return "%s %s as %s: %s".formatted(mark(), body.getString("state"), key(), course);
    }
  }

  /** What a fault that is planted does with posts. */
  interface Meddler {

    /**
     * @param forward sends a body on, and returns the answer's status
     * @return the status that its caller is answered
     */
    int meddle(Post post, ToIntFunction<JsonObject> forward);
  }

  private record Landing(Instant at, Runnable land) {}

  private final Vertx vertx = Vertx.vertx();
  private final WebClient client =
      WebClient.create(
          vertx,
          new WebClientOptions().setFollowRedirects(false).setKeepAliveTimeout(20),
          new PoolOptions().setHttp1MaxSize(256));
  private final URI bitbucket;
  private final ShiftedClock clock;
  private final Map<String, List<Post>> posts = new ConcurrentHashMap<>();
  private final Map<String, Deque<Mishap>> mishaps = new ConcurrentHashMap<>();
  private final List<Landing> landings = new ArrayList<>();
  private final Semaphore progress = new Semaphore(0);
  private final Gate gate;
  private volatile @Nullable Meddler meddler;

  Wire(URI bitbucket, ShiftedClock clock) {
    this.bitbucket = bitbucket;
    this.clock = clock;
    this.gate = new Gate(clock);
  }

  /** The way of one instance. */
  final class Way {

    private final Gate.Caller caller;
    private final HttpServer server;

    private Way(IntSupplier attempts) {
      this.caller = gate.caller(attempts);
      this.server =
          vertx
              .createHttpServer()
              .requestHandler(
                  request ->
                      request
                          .body()
                          .onSuccess(
                              body ->
                                  Thread.startVirtualThread(() -> carry(caller, request, body))))
              .listen(0, "localhost")
              .await();
    }

    URI url() {
      return URI.create("http://localhost:" + server.actualPort());
    }

    /** Whoever is killed sends nothing more; false where it has to live on. */
    boolean kill() {
      return caller.kill();
    }

    void close() {
      caller.gone();
      server.close().await();
    }
  }

  /**
   * @param attempts how many the instance has under way
   */
  Way way(IntSupplier attempts) {
    return new Way(attempts);
  }

  void meddle(@Nullable Meddler with) {
    meddler = with;
  }

  void arm(String commit, Mishap mishap) {
    Deque<Mishap> armed = mishaps.computeIfAbsent(commit, one -> new ArrayDeque<>());
    synchronized (armed) {
      armed.add(mishap);
    }
  }

  /** The posts about a commit, as they came. */
  List<Post> posts(String commit) {
    List<Post> of = posts.getOrDefault(commit, List.of());
    synchronized (of) {
      return List.copyOf(of);
    }
  }

  /** Waits until so many more requests have come through, or that long. */
  void awaitProgress(int requests, Duration most) throws InterruptedException {
    progress.drainPermits();
    boolean unused = progress.tryAcquire(requests, most.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Puts time forward while nothing is under way: whatever was to land until then has landed, and a
   * request that waits meanwhile was kept back by its caller's pause.
   */
  void advance(Duration by) throws InterruptedException {
    gate.whileStill(
        () -> {
          land(clock.instant().plus(by));
          clock.advance(by);
        });
  }

  /** Those that come meanwhile wait until it has landed. */
  private void land(Instant until) {
    synchronized (landings) {
      List<Landing> due = new ArrayList<>();
      landings.removeIf(landing -> !landing.at().isAfter(until) && due.add(landing));
      due.forEach(landing -> landing.land().run());
    }
  }

  /** Does something that is to fall between no question and its answer's consequence. */
  void betweenCalls(Runnable change) throws InterruptedException {
    while (!gate.betweenCalls(change)) {
      awaitProgress(1, ON_ITS_WAY);
    }
  }

  /** Waits until nobody attempts anything. */
  void awaitStill() throws InterruptedException {
    gate.awaitStill();
  }

  /** Lets all go on that are paused. */
  void resume() {
    gate.resume();
  }

  /** No mishaps any more; what was to land late lands now. */
  void mend() {
    mishaps.clear();
    resume();
    land(Instant.MAX);
  }

  private void carry(Gate.Caller caller, HttpServerRequest request, Buffer body) {
    Matcher path = POST.matcher(request.path());
    if (!request.method().equals(HttpMethod.POST) || !path.matches()) {
      ask(caller, request, body);
      return;
    }
    Post post = new Post(path.group(1), new JsonObject(body));
    List<Post> all = posts.computeIfAbsent(post.commit, one -> new ArrayList<>());
    synchronized (all) {
      all.add(post);
    }
    switch (mishap(post.commit)) {
      case null -> passOn(caller, request, post, false, null);
      case Mishap.Late late -> passOn(caller, request, post, false, late);
      case Mishap.Paused(Mishap.Late late) -> passOn(caller, request, post, true, late);
    }
  }

  private void ask(Gate.Caller caller, HttpServerRequest request, Buffer body) {
    if (gate.pass(caller, request, false, true) == Gate.Passage.NEVER) {
      cut(request);
      return;
    }
    try {
      relay(request, forward(request, body));
    } catch (RuntimeException e) {
      cut(request);
    } finally {
      done();
    }
  }

  private @Nullable Mishap mishap(String commit) {
    Deque<Mishap> armed = mishaps.get(commit);
    if (armed == null) {
      return null;
    }
    synchronized (armed) {
      return armed.poll();
    }
  }

  private void passOn(
      Gate.Caller caller,
      HttpServerRequest request,
      Post post,
      boolean isPaused,
      Mishap.@Nullable Late late) {
    note(post, "came from " + caller + (isPaused ? ", paused" : ""));
    post.passage = gate.pass(caller, request, isPaused, false);
    note(post, "passed " + post.passage);
    if (post.passage == Gate.Passage.NEVER) {
      cut(request);
      return;
    }
    try {
      if (late == null) {
        passOn(request, post);
      } else {
        synchronized (landings) {
          landings.add(new Landing(clock.instant().plus(late.by()), () -> send(request, post)));
        }
        cut(request);
        note(post, "cut, late by " + late.by());
      }
    } catch (RuntimeException e) {
      cut(request);
    } finally {
      done();
    }
  }

  private void passOn(HttpServerRequest request, Post post) {
    // Time passes by itself as well.
    land(clock.instant());
    Meddler with = meddler;
    Answer answer =
        with == null
            ? forward(request, post.body.toBuffer())
            : new Answer(
                with.meddle(post, changed -> forward(request, changed.toBuffer()).status()),
                MultiMap.caseInsensitiveMultiMap(),
                answerTo(post));
    note(post, "answered " + answer.status());
    relay(request, answer);
    post.isEndKnown = post.passage == Gate.Passage.AT_ONCE;
  }

  private void note(Post post, String what) {
    post.course.add("%s %s".formatted(clock.instant(), what));
  }

  private static Buffer answerTo(Post post) {
    return post.body.copy().put("type", "build").toBuffer();
  }

  private record Answer(int status, MultiMap headers, Buffer body) {}

  private void done() {
    progress.release();
    gate.done();
  }

  private void send(HttpServerRequest request, Post post) {
    try {
      note(post, "landed: " + forward(request, post.body.toBuffer()).status());
    } catch (RuntimeException e) {
      // Nobody waits for it.
    }
  }

  private Answer forward(HttpServerRequest request, Buffer body) {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .addAll(request.headers())
            .remove("Host")
            .remove("Content-Length");
    HttpResponse<Buffer> answer =
        client
            .request(request.method(), bitbucket.getPort(), bitbucket.getHost(), request.uri())
            .putHeaders(headers)
            .sendBuffer(body)
            .await();
    return new Answer(
        answer.statusCode(),
        MultiMap.caseInsensitiveMultiMap().addAll(answer.headers()),
        Objects.requireNonNullElseGet(answer.body(), Buffer::buffer));
  }

  private static void relay(HttpServerRequest request, Answer answer) {
    request.response().setStatusCode(answer.status());
    answer.headers().remove("Content-Length").remove("Transfer-Encoding");
    request.response().headers().addAll(answer.headers());
    request.response().end(answer.body()).await();
  }

  private static void cut(HttpServerRequest request) {
    request.connection().close();
  }

  @Override
  public void close() {
    mend();
    vertx.close().await();
  }
}
