package sh.cinch.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;

/** A simulator on a free port, and an HTTP client that talks to it as anybody would. */
public final class TestBitbucket implements AutoCloseable {
  public static final String CALLBACK = "http://localhost:8080/auth/bitbucket/callback";
  private static final String BASIC = basic("cinch", "client secret");

  private final TestClock clock = new TestClock();
  private final Simulator simulator;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private TestBitbucket(Optional<Path> stateFile) {
    simulator =
        Simulator.start(
            new SimulatorConfig(0, stateFile, "cinch", "client secret", URI.create(CALLBACK)),
            clock);
  }

  public static String basic(String name, String secret) {
    byte[] pair = (name + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  public static TestBitbucket start() {
    return new TestBitbucket(Optional.empty());
  }

  public static TestBitbucket keptIn(Path stateFile) {
    return new TestBitbucket(Optional.of(stateFile));
  }

  public TestClock clock() {
    return clock;
  }

  public Simulator simulator() {
    return simulator;
  }

  public String url() {
    return simulator.url().toString();
  }

  public int port() {
    return simulator.port();
  }

  /** A call with whatever headers, as name and value in turn. */
  public Answer call(String method, String path, String body, String... headers) {
    try {
      return send(method, path, body, headers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same where no answer may come. */
  public Answer send(String method, String path, String body, String... headers)
      throws IOException {
    String address = path.startsWith("http") ? path : url() + path;
    var request =
        HttpRequest.newBuilder(URI.create(address))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      var response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public Answer get(String path, String token) {
    return api("GET", path, token, "");
  }

  public Answer api(String method, String path, String token, String body) {
    return call(
        method,
        path.startsWith("http") ? path : "/2.0" + path,
        body,
        "Authorization",
        "Bearer " + token,
        "Content-Type",
        "application/json");
  }

  public Answer control(String method, String path, String body) {
    return call(method, "/_simulator" + path, body);
  }

  /** The token endpoint, with the client's own credentials. */
  public Answer token(String form) {
    return call(
        "POST",
        "/site/oauth2/access_token",
        form,
        "Authorization",
        BASIC,
        "Content-Type",
        "application/x-www-form-urlencoded");
  }

  /** What a browser comes back with when its user agreed. */
  public String code(String user) {
    String location =
        call(
                "POST",
                "/site/oauth2/authorize",
                "client_id=cinch&response_type=code&decision=grant&user=" + user,
                "Content-Type",
                "application/x-www-form-urlencoded")
            .header("Location");
    return location.substring(location.indexOf("code=") + 5);
  }

  public Answer grant(String user) {
    return token("grant_type=authorization_code&code=" + code(user));
  }

  public Answer refresh(String refreshToken) {
    return token("grant_type=refresh_token&refresh_token=" + refreshToken);
  }

  /** An access token of Ada, who administers everything. */
  public String ada() {
    return grant("ada").text("/access_token");
  }

  public Answer repository(String fullName) {
    return control("PUT", "/repositories/" + fullName, "");
  }

  public String repositoryToken(String fullName, String... scopes) {
    String list =
        Arrays.stream(scopes).map(scope -> '"' + scope + '"').collect(Collectors.joining(","));
    return control("POST", "/repositories/" + fullName + "/tokens", "{\"scopes\":[" + list + "]}")
        .text("/token");
  }

  /** Pushes and answers what the control call answered. */
  public Answer push(String fullName, String changes) {
    return control(
        "POST", "/repositories/" + fullName + "/push", "{\"changes\":[" + changes + "]}");
  }

  /** A new commit on main. */
  public String commit(String fullName) {
    return push(fullName, "{\"ref\":\"refs/heads/main\"}").text("/changes/0/new");
  }

  public Answer settings(String json) {
    return control("POST", "/settings", json);
  }

  @Override
  public void close() {
    http.close();
    simulator.close();
  }
}
