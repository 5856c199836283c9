package sh.cinch.ingress.connecting.credential;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.secret.Secret;

/** Stores and removes credentials. Each call waits for its answer: for virtual threads. */
public final class TokenService {

  private static final Logger log = LoggerFactory.getLogger(TokenService.class);
  private static final String CREDENTIALS = "/v1/credentials";

  private static final String DOES_NOT_ANSWER =
      "The token-service does not answer; try again in a minute.";

  /** The token-service asks the forge meanwhile. */
  private static final long PATIENCE_MS = 25_000;

  private final WebClient web;
  private final URI address;
  private final Secret serviceSecret;

  public TokenService(WebClient web, URI address, Secret serviceSecret) {
    this.web = web;
    this.address = address;
    this.serviceSecret = serviceSecret;
  }

  /**
   * @param redirectUri exactly the one the person was sent away with
   */
  public StoreResult exchange(Secret code, URI redirectUri) {
    return store(
        new JsonObject()
            .put("kind", "oauth")
            .put("code", code.reveal())
            .put("redirectUri", redirectUri.toString()));
  }

  public StoreResult store(PastedToken pasted) {
    JsonObject body =
        new JsonObject()
            .put("kind", "token")
            .put("forge", pasted.forge())
            .put("fullName", pasted.fullName())
            .put("token", pasted.token().reveal());
    pasted.email().ifPresent(email -> body.put("email", email));
    pasted.expiresAt().ifPresent(end -> body.put("expiresAt", end.toString()));
    return store(body);
  }

  /** Empty where there is none (any more), and where the token-service does not say. */
  public Optional<Credential> find(UUID id) {
    return send(HttpMethod.GET, "/" + id, null)
        .filter(answer -> answer.statusCode() == 200)
        .flatMap(TokenService::credential);
  }

  /**
   * @return false where it could not be done now; gone already is fine
   */
  public boolean remove(UUID id) {
    int status = send(HttpMethod.DELETE, "/" + id, null).map(HttpResponse::statusCode).orElse(0);
    boolean gone = status == 204 || status == 404;
    if (!gone) {
      log.warn("credential={} could not be removed status={}", id, status);
    }
    return gone;
  }

  /** Has a credential tried once more that is in doubt, or was given up. */
  public RetryResult tryAgain(UUID id) {
    Optional<HttpResponse<Buffer>> answer = send(HttpMethod.POST, "/" + id + "/tries", null);
    if (answer.isEmpty()) {
      return new RetryResult.Away(DOES_NOT_ANSWER);
    }
    HttpResponse<Buffer> response = answer.get();
    return switch (response.statusCode()) {
      case 202 -> new RetryResult.Begun();
      case 404, 409 -> new RetryResult.Refused(detail(response));
      default -> new RetryResult.Away(detail(response));
    };
  }

  private StoreResult store(JsonObject body) {
    Optional<HttpResponse<Buffer>> answer = send(HttpMethod.POST, "", body);
    if (answer.isEmpty()) {
      return new StoreResult.Away(DOES_NOT_ANSWER);
    }
    HttpResponse<Buffer> response = answer.get();
    return switch (response.statusCode()) {
      case 200, 201 ->
          credential(response)
              .<StoreResult>map(
                  stored -> new StoreResult.Stored(stored, response.statusCode() == 201))
              .orElseGet(
                  () -> new StoreResult.Away("The token-service's answer is not a credential."));
      case 400, 422 -> new StoreResult.Refused(detail(response));
      case 401, 403 ->
          new StoreResult.Away(
              "The token-service does not know this ingress; its operator must act.");
      default -> new StoreResult.Away(detail(response));
    };
  }

  private Optional<HttpResponse<Buffer>> send(
      HttpMethod method, String path, @Nullable JsonObject body) {
    HttpRequest<Buffer> request =
        web.requestAbs(method, address + CREDENTIALS + path)
            .putHeader("Authorization", "Bearer " + serviceSecret.reveal())
            .timeout(PATIENCE_MS);
    return Optional.ofNullable(
        (body == null ? request.send() : request.sendJsonObject(body)).otherwiseEmpty().await());
  }

  private static Optional<Credential> credential(HttpResponse<Buffer> response) {
    try {
      JsonObject body = response.bodyAsJsonObject();
      JsonObject account = body.getJsonObject("account");
      return Optional.of(
          new Credential(
              UUID.fromString(body.getString("id")),
              body.getString("kind"),
              texts(body.getJsonArray("scopes")),
              new CredentialHealth(
                  CredentialHealth.state(body.getString("state")),
                  Optional.ofNullable(body.getString("reason")),
                  Optional.ofNullable(body.getString("expiresAt")).map(Instant::parse)),
              account == null
                  ? Optional.empty()
                  : Optional.of(
                      new Account(account.getString("uuid"), account.getString("name")))));
    } catch (DecodeException
        | IllegalArgumentException
        | DateTimeParseException
        | ClassCastException
        | NullPointerException e) {
      return Optional.empty();
    }
  }

  private static List<String> texts(@Nullable JsonArray array) {
    return array == null ? List.of() : array.stream().map(String::valueOf).toList();
  }

  private static String detail(HttpResponse<Buffer> response) {
    try {
      return response.bodyAsJsonObject().getString("detail", "");
    } catch (DecodeException | ClassCastException | NullPointerException e) {
      return "The token-service answered %d.".formatted(response.statusCode());
    }
  }
}
