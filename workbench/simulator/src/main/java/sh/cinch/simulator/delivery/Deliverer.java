package sh.cinch.simulator.delivery;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import sh.cinch.simulator.world.Hook;
import sh.cinch.simulator.world.Settings;
import sh.cinch.simulator.world.World;

/**
 * Sends events to hooks: at most three tries, at once one after the other, where the receiver
 * failed; one where it refused. To be called on a virtual thread.
 */
public final class Deliverer {
  /** How long Bitbucket waits for an answer. */
  public static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final int MOST_ATTEMPTS = 3;
  private static final int MOST_CONNECTIONS = 1000;

  /** Larger bodies are not sent, and nobody is told. */
  private static final int LARGEST_BODY = 256 * 1024;

  private static final DateTimeFormatter EVENT_TIME =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private final World world;
  private final WebClient client;

  /** For hooks that ask not to have the receiver's certificate checked. */
  private final WebClient trustingClient;

  private final Duration timeout;
  private final Map<String, Delivered> latest = new ConcurrentHashMap<>();

  public Deliverer(Vertx vertx, World world, Duration timeout) {
    this.world = world;
    this.timeout = timeout;
    this.client = client(vertx, timeout, false);
    this.trustingClient = client(vertx, timeout, true);
  }

  private static WebClient client(Vertx vertx, Duration timeout, boolean trusting) {
    return WebClient.create(
        vertx,
        new WebClientOptions()
            .setFollowRedirects(false)
            .setUserAgent("Bitbucket-Webhooks/2.0")
            .setConnectTimeout((int) timeout.toMillis())
            .setTrustAll(trusting)
            .setVerifyHost(!trusting),
        new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
  }

  /** The hook's latest delivery since this simulator started. */
  public Optional<Delivered> latest(Hook hook) {
    return Optional.ofNullable(latest.get(hook.uuid()));
  }

  /** Delivers one event to these hooks, and waits until all have it or not. */
  public List<Delivered> deliver(List<Hook> hooks, String event, Buffer body) {
    List<Callable<Delivered>> deliveries =
        hooks.stream().<Callable<Delivered>>map(hook -> () -> deliver(hook, event, body)).toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var delivered = new ArrayList<Delivered>();
      for (Future<Delivered> delivery : threads.invokeAll(deliveries)) {
        delivered.add(delivery.get());
      }
      return delivered;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while delivering", stopped);
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    }
  }

  private Delivered deliver(Hook hook, String event, Buffer body) {
    var attempts = new ArrayList<Attempt>();
    if (body.length() <= LARGEST_BODY) {
      Settings settings = world.ask(state -> state.settings());
      Instant happened = world.now();
      String requestUuid = UUID.randomUUID().toString();
      do {
        if (settings.requestUuidPerAttempt()) {
          requestUuid = UUID.randomUUID().toString();
        }
        int number = attempts.size() + 1;
        attempts.add(
            attempt(hook, headers(hook, event, body, happened, requestUuid, number), body));
      } while (attempts.size() < MOST_ATTEMPTS
          && attempts.getLast().isWorthAnother(settings.retryUnanswered()));
    }
    var delivered = new Delivered(hook.uuid(), attempts);
    latest.put(hook.uuid(), delivered);
    return delivered;
  }

  private static MultiMap headers(
      Hook hook, String event, Buffer body, Instant happened, String requestUuid, int attempt) {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .set("Content-Type", "application/json")
            .set("X-Event-Key", event)
            .set("X-Event-Time", EVENT_TIME.format(happened))
            // the API writes it with braces, a delivery without
            .set("X-Hook-UUID", hook.uuid().replaceAll("[{}]", ""))
            .set("X-Request-UUID", requestUuid)
            .set("X-Attempt-Number", String.valueOf(attempt));
    hook.secret()
        .ifPresent(secret -> headers.set("X-Hub-Signature", Signature.of(secret, body.getBytes())));
    return headers;
  }

  private Attempt attempt(Hook hook, MultiMap headers, Buffer body) {
    long start = System.nanoTime();
    try {
      int status =
          (hook.skipCertVerification() ? trustingClient : client)
              .postAbs(hook.url().toString())
              .timeout(timeout.toMillis())
              .putHeaders(headers)
              .sendBuffer(body)
              .await()
              .statusCode();
      return new Attempt(status, elapsedMs(start), Optional.empty());
    } catch (Exception unanswered) {
      String problem = unanswered instanceof TimeoutException ? "timeout" : "network error";
      return new Attempt(0, elapsedMs(start), Optional.of(problem));
    }
  }

  private static long elapsedMs(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }
}
