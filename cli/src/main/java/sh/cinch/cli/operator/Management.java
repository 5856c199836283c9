package sh.cinch.cli.operator;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import sh.cinch.service.keyset.KeysetStatus;

/** The management port of a service. */
final class Management {

  /** The answer to a question for the keyset. */
  sealed interface Answer {

    record Told(KeysetStatus status, JsonObject json) implements Answer {}

    record Silent(String why) implements Answer {}
  }

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  private final URI address;

  /**
   * @throws IllegalArgumentException where this is no address
   */
  Management(String address) {
    URI parsed = URI.create(address.replaceFirst("/$", "") + "/keyset");
    if (parsed.getHost() == null || !String.valueOf(parsed.getScheme()).startsWith("http")) {
      throw new IllegalArgumentException(
          "'%s' is not the address of a management port, such as http://localhost:9081"
              .formatted(address));
    }
    this.address = parsed;
  }

  String name() {
    return address.getRawAuthority();
  }

  Answer ask() {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
    try {
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return switch (response.statusCode()) {
        case 200 -> told(response.body());
        case 404 ->
            new Answer.Silent(
                "is no management port of a service with a keyset: it has no /keyset");
        default -> new Answer.Silent(refusal(response));
      };
    } catch (IOException e) {
      return new Answer.Silent(
          "does not answer. Is it the management port (CINCH_MANAGEMENT_PORT) of a service that"
              + " runs?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Silent("was not waited for");
    }
  }

  private static Answer told(String body) {
    try {
      JsonObject json = new JsonObject(body);
      return new Answer.Told(KeysetStatus.of(json), json);
    } catch (RuntimeException e) {
      return new Answer.Silent("answers something that is no report on a keyset");
    }
  }

  private static String refusal(HttpResponse<String> response) {
    try {
      return "cannot tell: " + new JsonObject(response.body()).getString("detail");
    } catch (RuntimeException e) {
      return "answers " + response.statusCode();
    }
  }
}
