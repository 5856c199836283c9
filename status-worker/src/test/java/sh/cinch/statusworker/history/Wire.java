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
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sh.cinch.testkit.ShiftedClock;

/**
 * The way from the instances to Bitbucket. Sees how each request ended for its caller, lets
 * requests land late, and keeps them back while their callers are paused; time is put forward here,
 * so that no request is older than it may be.
 */
final class Wire implements AutoCloseable {

  private static final Pattern POST = Pattern.compile(".*/commit/([0-9a-f]{40})/statuses/build");
  private static final Duration QUIET = Duration.ofMillis(60);
  private static final Duration NOTICED = Duration.ofSeconds(8);

  /** What becomes of the next post about a commit. */
  sealed interface Mishap {
    /** Its caller gets no answer; it lands that much later all the same. */
    record Late(Duration by) implements Mishap {}

    /** Its caller stands still meanwhile, from before it was sent. */
    record Paused() implements Mishap {}
  }

  /** A post of a status, as its caller sent it. */
  static final class Post {

    final String commit;
    final JsonObject body;
    volatile boolean isEndKnown;
    volatile int status;

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
      return "%s %s as %s: %s"
          .formatted(mark(), body.getString("state"), key(), isEndKnown ? status : "unknown");
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
  private final HttpServer server;
  private final Map<String, List<Post>> posts = new ConcurrentHashMap<>();
  private final Map<String, Deque<Mishap>> mishaps = new ConcurrentHashMap<>();
  private final List<Landing> landings = new ArrayList<>();
  private final Semaphore progress = new Semaphore(0);
  private final Object gate = new Object();
  private CountDownLatch resumed = new CountDownLatch(1);
  private boolean isShut;
  private int underWay;
  private long arrived;
  private int waitingQuestions;
  private volatile @Nullable Meddler meddler;

  Wire(URI bitbucket, ShiftedClock clock) {
    this.bitbucket = bitbucket;
    this.clock = clock;
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(body -> Thread.startVirtualThread(() -> carry(request, body))))
            .listen(0, "localhost")
            .await();
  }

  URI url() {
    return URI.create("http://localhost:" + server.actualPort());
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
   * request that comes meanwhile was kept back by its caller's pause.
   */
  void advance(Duration by) throws InterruptedException {
    synchronized (gate) {
      isShut = true;
    }
    awaitQuiet(QUIET);
    land(clock.instant().plus(by));
    clock.advance(by);
    synchronized (gate) {
      isShut = false;
      gate.notifyAll();
    }
  }

  private void land(Instant until) {
    List<Landing> due = new ArrayList<>();
    synchronized (landings) {
      landings.removeIf(landing -> !landing.at().isAfter(until) && due.add(landing));
    }
    due.forEach(landing -> landing.land().run());
  }

  /** Does something that is to fall between no question and its answer's consequence. */
  void betweenCalls(Runnable change) throws InterruptedException {
    while (true) {
      synchronized (gate) {
        isShut = true;
      }
      awaitQuiet(QUIET);
      synchronized (gate) {
        // Whoever asks for something else than a post asks because of a post's answer.
        boolean isBetween = waitingQuestions == 0;
        if (isBetween) {
          change.run();
        }
        isShut = false;
        gate.notifyAll();
        if (isBetween) {
          return;
        }
      }
      awaitProgress(1, QUIET);
    }
  }

  /** Waits until no request has been under way for so long. */
  void awaitQuiet(Duration quiet) throws InterruptedException {
    while (true) {
      long before;
      synchronized (gate) {
        while (underWay > 0) {
          gate.wait();
        }
        before = arrived;
      }
      awaitProgress(1, quiet);
      synchronized (gate) {
        if (underWay == 0 && arrived == before) {
          return;
        }
      }
    }
  }

  /** Lets all go on that are paused. */
  void resume() {
    synchronized (gate) {
      resumed.countDown();
      resumed = new CountDownLatch(1);
    }
  }

  /** No mishaps any more; what was to land late lands now. */
  void mend() {
    mishaps.clear();
    resume();
    List<Landing> all;
    synchronized (landings) {
      all = List.copyOf(landings);
      landings.clear();
    }
    all.forEach(landing -> landing.land().run());
  }

  private void carry(HttpServerRequest request, Buffer body) {
    Matcher path = POST.matcher(request.path());
    if (!request.method().equals(HttpMethod.POST) || !path.matches()) {
      ask(request, body);
      return;
    }
    Post post = new Post(path.group(1), new JsonObject(body));
    List<Post> all = posts.computeIfAbsent(post.commit, one -> new ArrayList<>());
    synchronized (all) {
      all.add(post);
    }
    switch (mishap(post.commit)) {
      case null -> passOn(request, post, body);
      case Mishap.Late(Duration by) -> {
        synchronized (landings) {
          landings.add(new Landing(clock.instant().plus(by), () -> send(request, body)));
        }
        cut(request);
      }
      case Mishap.Paused() -> pause(request, post, body);
    }
  }

  private void ask(HttpServerRequest request, Buffer body) {
    synchronized (gate) {
      waitingQuestions++;
    }
    boolean unused = pass();
    synchronized (gate) {
      waitingQuestions--;
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

  private void pause(HttpServerRequest request, Post post, Buffer body) {
    CountDownLatch until;
    synchronized (gate) {
      until = resumed;
    }
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Whoever was killed while it stood still never sends it.
    if (!request.response().closed()) {
      passOn(request, post, body);
      post.isEndKnown = false;
    }
  }

  private void passOn(HttpServerRequest request, Post post, Buffer body) {
    boolean isWithoutPause = pass();
    // Time passes by itself as well.
    land(clock.instant());
    try {
      Meddler with = meddler;
      Answer answer =
          with == null
              ? forward(request, body)
              : new Answer(
                  with.meddle(post, changed -> forward(request, changed.toBuffer()).status()),
                  MultiMap.caseInsensitiveMultiMap(),
                  answerTo(post));
      relay(request, answer);
      post.status = answer.status();
      post.isEndKnown = isWithoutPause;
    } catch (RuntimeException e) {
      cut(request);
    } finally {
      done();
    }
  }

  private static Buffer answerTo(Post post) {
    return post.body.copy().put("type", "build").toBuffer();
  }

  private record Answer(int status, MultiMap headers, Buffer body) {}

  /** Returns whether time stood still meanwhile, or nearly. */
  private boolean pass() {
    Instant came = clock.instant();
    synchronized (gate) {
      arrived++;
      while (isShut) {
        try {
          gate.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      underWay++;
    }
    return clock.instant().isBefore(came.plus(NOTICED));
  }

  private void done() {
    progress.release();
    synchronized (gate) {
      underWay--;
      gate.notifyAll();
    }
  }

  private void send(HttpServerRequest request, Buffer body) {
    try {
      Answer unused = forward(request, body);
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
