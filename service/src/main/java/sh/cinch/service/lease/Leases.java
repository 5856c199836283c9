package sh.cinch.service.lease;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import sh.cinch.service.secret.Secret;

/**
 * Asks the token-service for leases and keeps each for as long as it lasts. Used from virtual
 * threads; several may ask at once.
 */
public final class Leases {

  /** A lease this close to its end is not used any more: it might die on the way. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private static final long PATIENCE_MS = 25_000;

  private final WebClient web;
  private final URI tokenService;
  private final Secret serviceSecret;
  private final InstantSource clock;
  private final Map<UUID, Lease> kept = new ConcurrentHashMap<>();

  public Leases(Vertx vertx, URI tokenService, Secret serviceSecret, InstantSource clock) {
    this.web =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setFollowRedirects(false)
                .setUserAgent("cinch")
                .setKeepAlive(true));
    this.tokenService = tokenService;
    this.serviceSecret = serviceSecret;
    this.clock = clock;
  }

  public LeaseResult lease(UUID credential) {
    Lease lease = kept.get(credential);
    if (lease != null && clock.instant().isBefore(lease.expiresAt().minus(MARGIN))) {
      return new LeaseResult.Lent(lease);
    }
    return ask(credential);
  }

  /** The forge refused it: forgotten here, and reported, so that the next lease is a new token. */
  public void reject(UUID credential, Lease lease) {
    kept.remove(credential, lease);
    post(
            "/v1/credentials/" + credential + "/rejections",
            new JsonObject().put("leaseId", lease.id().toString()))
        .otherwiseEmpty()
        .await();
  }

  /** Nobody leases this credential any more. */
  public void forget(UUID credential) {
    kept.remove(credential);
  }

  private LeaseResult ask(UUID credential) {
    Optional<HttpResponse<Buffer>> answer =
        Optional.ofNullable(
            post("/v1/credentials/" + credential + "/leases", new JsonObject())
                .otherwiseEmpty()
                .await());
    return answer
        .map(response -> read(credential, response))
        .orElseGet(() -> new LeaseResult.NotNow("the token-service does not answer"));
  }

  private LeaseResult read(UUID credential, HttpResponse<Buffer> response) {
    return switch (response.statusCode()) {
      case 200, 201 -> lent(credential, response);
      case 404 -> new LeaseResult.Unknown();
      case 409 -> new LeaseResult.NeedsAuthorization(detail(response));
      default -> new LeaseResult.NotNow(detail(response));
    };
  }

  private LeaseResult lent(UUID credential, HttpResponse<Buffer> response) {
    try {
      JsonObject body = response.bodyAsJsonObject();
      String expiresAt = body.getString("expiresAt");
      Lease lease =
          new Lease(
              UUID.fromString(body.getString("leaseId")),
              Secret.of(body.getString("authorization")),
              expiresAt == null ? Instant.MAX : Instant.parse(expiresAt));
      kept.put(credential, lease);
      return new LeaseResult.Lent(lease);
    } catch (DecodeException
        | IllegalArgumentException
        | NullPointerException
        | DateTimeParseException e) {
      return new LeaseResult.NotNow("the token-service's answer is not a lease");
    }
  }

  private static String detail(HttpResponse<Buffer> response) {
    try {
      return response.bodyAsJsonObject().getString("detail", "status " + response.statusCode());
    } catch (DecodeException | NullPointerException e) {
      return "the token-service answered " + response.statusCode();
    }
  }

  private Future<HttpResponse<Buffer>> post(String path, JsonObject body) {
    return web.postAbs(tokenService + path)
        .putHeader("Authorization", "Bearer " + serviceSecret.reveal())
        .timeout(PATIENCE_MS)
        .sendJsonObject(body);
  }
}
