package sh.cinch.ingress.connecting.credential;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.token.NewCredential;
import sh.cinch.service.token.Replacement;
import sh.cinch.service.token.StoredCredential;
import sh.cinch.service.token.TokenServiceClient;
import sh.cinch.service.token.TokenServiceClient.Answer;

/** Stores and removes credentials. Each call waits for its answer: for virtual threads. */
public final class TokenService {

  private static final Logger log = LoggerFactory.getLogger(TokenService.class);

  private static final String DOES_NOT_ANSWER =
      "The token-service does not answer; try again in a minute.";

  private final TokenServiceClient client;

  public TokenService(WebClient web, URI address, Secret serviceSecret) {
    this.client = new TokenServiceClient(web, address, serviceSecret);
  }

  /**
   * @param redirectUri exactly the one the person was sent away with
   */
  public StoreResult exchange(Secret code, URI redirectUri) {
    return store(new NewCredential.Code(code, redirectUri));
  }

  public StoreResult store(NewCredential credential) {
    return client
        .send(HttpMethod.POST, "", credential)
        .map(TokenService::stored)
        .orElseGet(() -> new StoreResult.Away(DOES_NOT_ANSWER));
  }

  /** Empty where there is none (any more), and where the token-service does not say. */
  public Optional<StoredCredential> find(UUID id) {
    return client
        .send(HttpMethod.GET, "/" + id, null)
        .filter(answer -> answer.status() == 200)
        .flatMap(answer -> answer.as(StoredCredential.class));
  }

  /**
   * @return false where it could not be done now; gone already is fine
   */
  public boolean remove(UUID id) {
    int status = client.send(HttpMethod.DELETE, "/" + id, null).map(Answer::status).orElse(0);
    boolean gone = status == 204 || status == 404;
    if (!gone) {
      log.warn("credential={} could not be removed status={}", id, status);
    }
    return gone;
  }

  /**
   * Another credential took its place.
   *
   * @param keptUntil for the statuses that it began; a token-service that keeps none erases it
   * @return false where it could not be done now; gone already is fine
   */
  public boolean replaced(UUID id, Instant keptUntil) {
    int status =
        client
            .send(HttpMethod.POST, "/" + id + "/replacements", new Replacement(keptUntil))
            .map(Answer::status)
            .orElse(0);
    if (status == 404) {
      // Of release 0.1.0, or nothing is there to keep.
      return remove(id);
    }
    if (status != 204) {
      log.warn("credential={} could not be kept status={}", id, status);
    }
    return status == 204;
  }

  /** Has a credential tried once more that is in doubt, or was given up. */
  public RetryResult tryAgain(UUID id) {
    return client
        .send(HttpMethod.POST, "/" + id + "/tries", null)
        .map(
            answer ->
                switch (answer.status()) {
                  case 202 -> new RetryResult.Begun();
                  case 404, 409 -> new RetryResult.Refused(detail(answer));
                  default -> new RetryResult.Away(detail(answer));
                })
        .orElseGet(() -> new RetryResult.Away(DOES_NOT_ANSWER));
  }

  private static StoreResult stored(Answer answer) {
    return switch (answer.status()) {
      case 200, 201 ->
          answer
              .as(StoredCredential.class)
              .<StoreResult>map(stored -> new StoreResult.Stored(stored, answer.status() == 201))
              .orElseGet(
                  () -> new StoreResult.Away("The token-service's answer is not a credential."));
      case 400, 422 -> new StoreResult.Refused(detail(answer));
      case 401, 403 ->
          new StoreResult.Away(
              "The token-service does not know this ingress; its operator must act.");
      default -> new StoreResult.Away(detail(answer));
    };
  }

  private static String detail(Answer answer) {
    return answer
        .detail()
        .orElseGet(() -> "The token-service answered %d.".formatted(answer.status()));
  }
}
