package sh.cinch.service.lease;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.token.LeaseGiven;
import sh.cinch.service.token.LeaseRequest;
import sh.cinch.service.token.LeaseUse;
import sh.cinch.service.token.Rejection;
import sh.cinch.service.token.TokenServiceClient;

/**
 * Asks the token-service for leases and keeps each for as long as it lasts. Used from virtual
 * threads; several may ask at once.
 */
public final class Leases {

  /** A lease this close to its end is not used any more: it might die on the way. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final TokenServiceClient tokenService;
  private final LeaseUse use;
  private final InstantSource clock;
  private final Map<UUID, Lease> kept = new ConcurrentHashMap<>();

  public Leases(Vertx vertx, URI tokenService, Secret serviceSecret, InstantSource clock) {
    this(vertx, tokenService, serviceSecret, LeaseUse.API, clock);
  }

  /**
   * @param use what all of them are shown to
   */
  public Leases(
      Vertx vertx, URI tokenService, Secret serviceSecret, LeaseUse use, InstantSource clock) {
    this.tokenService =
        new TokenServiceClient(
            WebClient.create(
                vertx, new WebClientOptions().setFollowRedirects(false).setUserAgent("cinch")),
            tokenService,
            serviceSecret);
    this.use = use;
    this.clock = clock;
  }

  public LeaseResult lease(UUID credential) {
    Lease lease = kept.get(credential);
    if (lease != null && clock.instant().isBefore(lease.expiresAt().minus(MARGIN))) {
      return new LeaseResult.Lent(lease);
    }
    return tokenService
        .send(HttpMethod.POST, "/" + credential + "/leases", LeaseRequest.of(use))
        .map(answer -> read(credential, answer))
        .orElseGet(() -> new LeaseResult.NotNow("the token-service does not answer"));
  }

  /** The last that was lent here, whether or not it lasts; asks nobody. */
  public Optional<Lease> known(UUID credential) {
    return Optional.ofNullable(kept.get(credential));
  }

  /** The forge refused it: forgotten here, and reported, so that the next lease is a new token. */
  public void reject(UUID credential, Lease lease) {
    kept.remove(credential, lease);
    Object unused =
        tokenService.send(
            HttpMethod.POST, "/" + credential + "/rejections", new Rejection(lease.id()));
  }

  /** Nobody leases this credential any more. */
  public void forget(UUID credential) {
    kept.remove(credential);
  }

  private LeaseResult read(UUID credential, TokenServiceClient.Answer answer) {
    return switch (answer.status()) {
      case 200, 201 ->
          answer
              .as(LeaseGiven.class)
              .map(given -> lent(credential, given))
              .orElseGet(() -> new LeaseResult.NotNow("the token-service's answer is not a lease"));
      case 404 -> new LeaseResult.Unknown();
      case 409 -> new LeaseResult.NeedsAuthorization(detail(answer));
      default -> new LeaseResult.NotNow(detail(answer));
    };
  }

  private static String detail(TokenServiceClient.Answer answer) {
    return answer.detail().orElseGet(() -> "the token-service answered " + answer.status());
  }

  private LeaseResult lent(UUID credential, LeaseGiven given) {
    Lease lease =
        new Lease(
            given.leaseId(),
            given.authorization(),
            given.expiresAt().orElse(Instant.MAX),
            given.identity().orElseGet(credential::toString),
            given.account());
    kept.put(credential, lease);
    return new LeaseResult.Lent(lease);
  }
}
