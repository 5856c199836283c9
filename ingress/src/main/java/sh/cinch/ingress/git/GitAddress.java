package sh.cinch.ingress.git;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.binary.Hex;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.Requests;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.BodiesInFlight;
import sh.cinch.service.http.Body;
import sh.cinch.service.http.BodyReader;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.RetryAfter;
import sh.cinch.service.lease.Leases;

/**
 * Where git clones and fetches a connected repository with an API token of this Cinch, and nothing
 * of the forge's own.
 */
public final class GitAddress implements AutoCloseable {

  private static final String ALL = "/git/*";
  private static final String REFS = "/git/:id/info/refs";
  private static final String PACK = "/git/:id/git-upload-pack";
  private static final String READS = "git-upload-pack";
  private static final String WRITES = "git-receive-pack";
  private static final String ASKED_AS = "application/x-git-upload-pack-request";
  private static final String GZIP = "gzip";
  private static final String PROTOCOL = "Git-Protocol";
  private static final int LONGEST_PROTOCOL = 200;
  private static final Duration BODY_WITHIN = Duration.ofSeconds(30);

  private final HttpBounds bounds;
  private final boolean isOff;
  private final Slots slots;
  private final Upstream upstream;
  private final BodyReader bodies;
  private final MeterRegistry metrics;

  /** Somebody who was let in. */
  private record Entered(Connection connection, String token) {}

  private GitAddress(
      Vertx vertx,
      HttpBounds bounds,
      GitSettings settings,
      Upstream upstream,
      MeterRegistry metrics) {
    this.bounds = bounds;
    this.isOff = settings.isOff();
    this.slots = new Slots(settings);
    this.upstream = upstream;
    this.bodies = new BodyReader(vertx, PackedBody.MOST, BODY_WITHIN);
    this.metrics = metrics;
    Gauge.builder("cinch.git.open", slots, Slots::taken)
        .description("Requests of git that are under way")
        .register(metrics);
  }

  /**
   * @param leases of tokens in the form that git takes
   */
  public static GitAddress of(
      ServiceContext context,
      HttpBounds bounds,
      GitSettings settings,
      Site site,
      Leases leases,
      Requests requests) {
    return new GitAddress(
        context.vertx(),
        bounds,
        settings,
        new Upstream(context.vertx(), settings, site, leases, requests),
        context.metrics());
  }

  public void mount(Router router, GitEntry entry) {
    if (isOff) {
      router.route(ALL).handler(answered((context, loop) -> off()));
      return;
    }
    router.get(REFS).handler(answered((context, loop) -> refs(context, entry, loop)));
    router.post(PACK).handler(context -> pack(context, entry));
    router.route(ALL).handler(answered((context, loop) -> elsewhere(context)));
  }

  private static void off() {
    throw new Problem(404, "No git here", "This Cinch has no git address: CINCH_GIT_AT_ONCE is 0.");
  }

  private static void elsewhere(RoutingContext context) {
    String path = context.normalizedPath();
    if (path.endsWith("/" + WRITES)) {
      throw readOnly();
    }
    boolean isOne = path.matches("/git/[^/]+/(info/refs|git-upload-pack)");
    if (isOne) {
      context.response().putHeader(HttpHeaders.ALLOW, path.endsWith(READS) ? "POST" : "GET");
      throw new Problem(405, "Not this way", "This address does not take this method.");
    }
    throw new Problem(
        404,
        "No such address",
        "Git clones and fetches at /git/<repository id>, without .git; there is no LFS and there"
            + " are no archives.");
  }

  private void refs(RoutingContext context, GitEntry entry, Context loop) {
    HttpServerRequest request = context.request();
    Entered entered = enter(context, entry);
    String query = Objects.requireNonNullElse(request.query(), "");
    if (query.equals("service=" + WRITES)) {
      throw readOnly();
    }
    if (!query.equals("service=" + READS)) {
      throw new Problem(
          400, "No smart HTTP", "Only git's smart protocol is spoken here: service=" + READS + ".");
    }
    pass(
        context.response(),
        entered,
        new Question(Question.Kind.REFS, headers(request), Optional.empty()),
        loop);
  }

  /** Nothing of a body is read before it is known who sends it. */
  private void pack(RoutingContext context, GitEntry entry) {
    HttpServerRequest request = context.request();
    request.pause();
    answered(
            (unread, loop) -> {
              Entered entered = enter(unread, entry);
              String encoding = check(request);
              loop.runOnContext(now -> read(unread, entered, encoding));
            })
        .handle(context);
  }

  /** The encoding of its body; empty where it has none. */
  private static String check(HttpServerRequest request) {
    String type = Objects.requireNonNullElse(request.getHeader(HttpHeaders.CONTENT_TYPE), "");
    if (!type.equals(ASKED_AS)) {
      throw new Problem(415, "No question of git's", "The body must be " + ASKED_AS + ".");
    }
    String encoding =
        Objects.requireNonNullElse(request.getHeader(HttpHeaders.CONTENT_ENCODING), "")
            .toLowerCase(Locale.ROOT);
    if (!encoding.isEmpty() && !encoding.equals(GZIP)) {
      throw new Problem(415, "Compressed", "A body is packed by gzip here, or not at all.");
    }
    return encoding;
  }

  private void read(RoutingContext context, Entered entered, String encoding) {
    BodiesInFlight.Share share =
        bounds.share(Optional.of("token:" + entered.token()), context.request());
    bodies.read(
        context.request(),
        share,
        body ->
            answered((late, loop) -> pack(late, entered, encoding, share, body, loop))
                .handle(context));
  }

  private void pack(
      RoutingContext context,
      Entered entered,
      String encoding,
      BodiesInFlight.Share share,
      Body body,
      Context loop) {
    try (share) {
      Buffer bytes =
          switch (body) {
            case Body.Whole(Buffer whole) -> whole;
            case Body.TooLarge() -> throw PackedBody.tooLarge();
            case Body.NoRoom() ->
                throw new Problem(503, "Too much at once", "Too many bodies are under way.")
                    .retryAfter(RetryAfter.SOON);
            case Body.TooSlow() ->
                throw new Problem(408, "Too slow", "The body did not come in time.");
          };
      Map<String, String> headers = new HashMap<>(headers(context.request()));
      headers.put(HttpHeaders.CONTENT_TYPE.toString(), ASKED_AS);
      if (encoding.equals(GZIP)) {
        PackedBody.check(bytes);
        headers.put(HttpHeaders.CONTENT_ENCODING.toString(), GZIP);
      }
      pass(
          context.response(),
          entered,
          new Question(Question.Kind.PACK, headers, Optional.of(bytes)),
          loop);
    }
  }

  private Entered enter(RoutingContext context, GitEntry entry) {
    RandomToken shown =
        Shown.by(context.request())
            .orElseThrow(
                () ->
                    new Problem(
                        401, "Not known", "Show an API token of this Cinch as the password."));
    UUID repository =
        Uuids.parse(context.pathParam("id"))
            // As unknown as any other, to whoever is known.
            .orElseGet(() -> new UUID(0, 0));
    return new Entered(entry.enter(shown, repository), Hex.encodeHexString(shown.hash()));
  }

  /** Nothing that says who asks, and nothing that the forge need not know. */
  private static Map<String, String> headers(HttpServerRequest request) {
    String protocol = request.getHeader(PROTOCOL);
    return protocol == null || protocol.length() > LONGEST_PROTOCOL
        ? Map.of()
        : Map.of(PROTOCOL, protocol);
  }

  private void pass(HttpServerResponse response, Entered entered, Question question, Context loop) {
    try {
      Slots.Slot slot = slots.take(entered.token());
      try (slot) {
        HttpClientResponse answer = upstream.ask(entered.connection(), question, loop);
        boolean isWhole = Passing.pass(answer, question.kind(), response, loop);
        count(question.kind(), isWhole ? "served" : "broken");
        metrics.counter("cinch.git.bytes").increment((double) response.bytesWritten());
      }
    } catch (Problem problem) {
      count(question.kind(), "refused");
      throw problem;
    }
  }

  private void count(Question.Kind kind, String outcome) {
    metrics
        .counter(
            "cinch.git.requests",
            "request",
            kind.name().toLowerCase(Locale.ROOT),
            "outcome",
            outcome)
        .increment();
  }

  private static Problem readOnly() {
    return new Problem(
        403, "Read only", "Cinch's git address is read-only: push to Bitbucket itself.");
  }

  private interface Step {
    /**
     * @param loop that the request came in on
     */
    void handle(RoutingContext context, Context loop);
  }

  /** On a thread that may wait; what is refused is said in words that git shows to people. */
  private static Handler<RoutingContext> answered(Step step) {
    return routing -> {
      Context loop = routing.vertx().getOrCreateContext();
      BlockingHandler.handler(
              context -> {
                try {
                  step.handle(context, loop);
                } catch (Problem problem) {
                  say(problem, context.response());
                }
              })
          .handle(routing);
    };
  }

  private static void say(Problem problem, HttpServerResponse response) {
    if (response.ended() || response.headWritten() || response.closed()) {
      return;
    }
    problem.retryAfter().ifPresent(when -> when.put(response));
    if (problem.status() == 401) {
      response.putHeader("WWW-Authenticate", "Basic realm=\"Cinch\"");
    }
    response
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(problem.detail() + "\n");
  }

  @Override
  public void close() {
    upstream.close();
  }
}
