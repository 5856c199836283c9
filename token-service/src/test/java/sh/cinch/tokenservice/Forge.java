package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sh.cinch.simulator.Simulator;
import sh.cinch.simulator.SimulatorConfig;
import sh.cinch.simulator.oauth.RefreshLog;

/** A Bitbucket, and the people who use it. */
final class Forge implements AutoCloseable {

  static final String CLIENT_ID = "cinch-client";
  static final String CLIENT_SECRET = "the-secret-of-the-oauth-client";
  static final String CALLBACK = "http://localhost:8080/auth/bitbucket/callback";

  private static final String TOKEN_ENDPOINT = "/site/oauth2/access_token";
  private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");

  private final Simulator simulator;

  Forge(InstantSource clock) {
    simulator =
        Simulator.start(
            new SimulatorConfig(
                0, Optional.empty(), CLIENT_ID, CLIENT_SECRET, URI.create(CALLBACK)),
            clock);
  }

  URI url() {
    return simulator.url();
  }

  int port() {
    return simulator.port();
  }

  /** Every secret it ever gave anybody. */
  List<String> issued() {
    return simulator.issued();
  }

  RefreshLog.Summary refreshes() {
    return simulator.refreshes();
  }

  /** Of one person, as the simulator counted them. */
  RefreshLog.Count refreshes(String nickname) {
    return refreshes().accounts().getOrDefault(nickname, new RefreshLog.Count(0, 0, 0, 0, 0));
  }

  /** The same without the page: for many at once. */
  String agree(String nickname) {
    return control("POST", "/grants", new JsonObject().put("account", nickname)).text("code");
  }

  /** A person clicks through the consent page; what the browser brings back. */
  String authorize(String nickname) {
    String form =
        Map.of(
                "client_id", CLIENT_ID,
                "response_type", "code",
                "redirect_uri", CALLBACK,
                "decision", "grant",
                "user", nickname)
            .entrySet()
            .stream()
            .map(field -> field.getKey() + "=" + encode(field.getValue()))
            .reduce((one, other) -> one + "&" + other)
            .orElseThrow();
    Reply reply =
        Http.send(
            "POST",
            url() + "/site/oauth2/authorize",
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            form);
    assertThat(reply.status()).isEqualTo(302);
    Matcher code = CODE.matcher(reply.headers().firstValue("Location").orElseThrow());
    assertThat(code.find()).isTrue();
    return code.group(1);
  }

  void person(String nickname) {
    control("PUT", "/users/" + nickname, new JsonObject());
  }

  void settings(String name, Object value) {
    control("POST", "/settings", new JsonObject().put(name, value));
  }

  void repository(String fullName) {
    control("PUT", "/repositories/" + fullName, new JsonObject());
  }

  String repositoryToken(String fullName, String... scopes) {
    return control(
            "POST",
            "/repositories/" + fullName + "/tokens",
            new JsonObject().put("scopes", new JsonArray(List.of(scopes))))
        .text("token");
  }

  void breakTokenEndpoint(JsonObject fault) {
    control("POST", "/faults", fault.put("path", TOKEN_ENDPOINT));
  }

  void mend() {
    control("DELETE", "/faults", new JsonObject());
  }

  /** How often the token endpoint was called, with whatever end. */
  int tokenRequests() {
    return control("GET", "/requests?path=" + encode(TOKEN_ENDPOINT), new JsonObject())
        .json()
        .getInteger("total");
  }

  /** Whether the API takes it: what a worker would see. */
  int statusOf(String authorization, String path) {
    return Http.send("GET", url() + path, Map.of("Authorization", authorization), "").status();
  }

  private Reply control(String method, String path, JsonObject body) {
    Reply reply = Http.json(method, url() + "/_simulator" + path, body);
    assertThat(reply.status()).as(reply.body()).isBetween(200, 299);
    return reply;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    simulator.close();
  }
}
