package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.simulator.Simulator;
import sh.cinch.simulator.SimulatorConfig;

/** Deliveries as the simulated Bitbucket makes them, by itself. */
@OnSharedServers
class SimulatorDeliveriesTest {

  private static final String REPOSITORY = "/_simulator/repositories/acme/";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static TestParts parts;
  private static WebhookSide side;
  private static Simulator bitbucket;
  private static int repositories;

  private String slug;
  private Connected connected;
  private String hook;

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    side = new WebhookSide(parts);
    bitbucket =
        Simulator.start(
            new SimulatorConfig(
                0, Optional.empty(), "client", "secret", URI.create("http://localhost/callback")));
  }

  @AfterAll
  static void stop() {
    bitbucket.close();
    side.close();
    parts.close();
  }

  @BeforeEach
  void connect() throws Exception {
    slug = "app" + repositories++;
    JsonObject repository = new JsonObject(call("PUT", REPOSITORY + slug, "", "{}"));
    String token =
        new JsonObject(
                call(
                    "POST",
                    REPOSITORY + slug + "/tokens",
                    "",
                    "{\"scopes\":[\"webhook\",\"repository:admin\",\"repository\"]}"))
            .getString("token");
    connected = side.connect(repository.getString("uuid"), "acme/" + slug, false);
    hook =
        new JsonObject(
                call(
                    "POST",
                    "/2.0/repositories/acme/" + slug + "/hooks",
                    token,
                    new JsonObject()
                        .put("description", "Cinch")
                        .put("url", connected.url().toString())
                        .put("active", true)
                        .put("secret", connected.secret().reveal())
                        .put("events", new JsonArray().add("repo:push").add("repo:fork"))
                        .encode()))
            .getString("uuid");
  }

  @Test
  void onePushOfThreeRefsIsThreeEvents() throws Exception {
    String answer =
        call(
            "POST",
            REPOSITORY + slug + "/push",
            "",
            """
            {"changes":[{"ref":"refs/heads/main"},{"ref":"refs/heads/develop"},
                        {"ref":"refs/tags/v1","annotated":true}]}
            """);

    assertThat(attempts(new JsonObject(answer).getJsonArray("deliveries"))).isEqualTo("[202]");
    assertThat(side.events(connected))
        .extracting(PushEvent::ref, PushEvent::type)
        .containsExactly(
            tuple("refs/heads/main", PushEvent.Type.BRANCH),
            tuple("refs/heads/develop", PushEvent.Type.BRANCH),
            tuple("refs/tags/v1", PushEvent.Type.TAG));
    assertThat(side.hooks().find(connected.hook()).orElseThrow().forgeUuid())
        .contains(new HookUuid(hook));
  }

  @Test
  void anEventThatIsNoPushIsAcknowledged() throws Exception {
    String answer =
        call("POST", REPOSITORY + slug + "/deliver?event=repo:fork", "", "{\"fork\":{}}");

    assertThat(attempts(new JsonArray(answer))).isEqualTo("[200]");
    assertThat(side.events(connected)).isEmpty();
  }

  @Test
  void aBodyThatIsNoPushIsNotTriedAgain() throws Exception {
    String answer = call("POST", REPOSITORY + slug + "/deliver?event=repo:push", "", "[1,2");

    assertThat(attempts(new JsonArray(answer))).isEqualTo("[400]");
  }

  @Test
  void aHookThatIsRemovedAndMadeAgainDelivers() throws Exception {
    assertThat(push()).isEqualTo("[202]");
    control("DELETE", "/hooks/" + hook.replaceAll("[{}]", ""), "");
    JsonObject again =
        new JsonObject(
            control(
                "POST",
                "/hooks",
                new JsonObject()
                    .put("url", connected.url().toString())
                    .put("secret", connected.secret().reveal())
                    .encode()));

    assertThat(push()).isEqualTo("[202]");

    assertThat(side.eventIds(connected)).hasSize(2).doesNotHaveDuplicates();
    assertThat(side.hooks().find(connected.hook()).orElseThrow().uuids())
        .containsExactlyInAnyOrder(new HookUuid(hook), new HookUuid(again.getString("uuid")));
  }

  @Test
  void aPushThroughTwoHooksOfOneUrlIsOneEvent() throws Exception {
    control(
        "POST",
        "/hooks",
        new JsonObject()
            .put("url", connected.url().toString())
            .put("secret", connected.secret().reveal())
            .encode());

    push();
    push();

    assertThat(side.eventIds(connected)).hasSize(2).doesNotHaveDuplicates();
  }

  private String push() throws Exception {
    String answer = control("POST", "/push", "{\"changes\":[{\"ref\":\"refs/heads/main\"}]}");
    return attempts(new JsonObject(answer).getJsonArray("deliveries"));
  }

  private String control(String method, String path, String body) throws Exception {
    return call(method, REPOSITORY + slug + path, "", body);
  }

  /** The statuses of the one hook's tries. */
  private static String attempts(JsonArray deliveries) {
    return deliveries.getJsonObject(0).getJsonArray("attempts").stream()
        .map(attempt -> ((JsonObject) attempt).getInteger("status"))
        .toList()
        .toString();
  }

  private static String call(String method, String path, String token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(bitbucket.url() + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return answer.body();
  }
}
