package sh.cinch.testkit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sh.cinch.simulator.Simulator;
import sh.cinch.simulator.SimulatorConfig;
import sh.cinch.simulator.oauth.RefreshLog;

/** A Bitbucket on this machine, with the people who use it and the faults that a test wants. */
public final class SimulatedBitbucket implements AutoCloseable {

  public static final String CLIENT_ID = "cinch-client";
  public static final String CLIENT_SECRET = "the-secret-of-the-oauth-client";
  public static final URI CALLBACK = URI.create("http://localhost:8080/auth/bitbucket/callback");

  private static final String TOKEN_ENDPOINT = "/site/oauth2/access_token";
  private static final JsonObject NOTHING = new JsonObject();
  private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");

  private final URI url;
  private final @Nullable Simulator own;

  /**
   * A file in the downloads of a repository.
   *
   * @param replaced how often another was put in its place
   */
  public record StoredFile(long size, String sha256, int replaced) {}

  private SimulatedBitbucket(URI url, @Nullable Simulator own) {
    this.url = url;
    this.own = own;
  }

  /** One that is there already. */
  public static SimulatedBitbucket at(URI url) {
    return new SimulatedBitbucket(url, null);
  }

  public static SimulatedBitbucket start() {
    return start(CALLBACK, InstantSource.system());
  }

  /**
   * @param callback where its pages send a person back to
   */
  public static SimulatedBitbucket start(URI callback, InstantSource clock) {
    Simulator own =
        Simulator.start(
            new SimulatorConfig(0, Optional.empty(), CLIENT_ID, CLIENT_SECRET, callback), clock);
    return new SimulatedBitbucket(own.url(), own);
  }

  public URI url() {
    return url;
  }

  public int port() {
    return url.getPort();
  }

  /** A private repository that Ada administers; the answer has its uuid. */
  public JsonObject repository(String fullName) {
    return control("PUT", "/repositories/" + fullName, NOTHING);
  }

  /** The same, cloned and pushed to at {@link #gitUrl}. */
  public JsonObject gitRepository(String fullName) {
    return control("PUT", "/repositories/" + fullName, new JsonObject().put("git", true));
  }

  public URI gitUrl(String fullName) {
    return URI.create("%s/%s.git".formatted(url, fullName));
  }

  /** Another one under a name that may be taken. */
  public JsonObject repository(String fullName, UUID uuid) {
    return control(
        "PUT", "/repositories/" + fullName, new JsonObject().put("uuid", uuid.toString()));
  }

  /**
   * Gives a repository another name, perhaps in another workspace; the answer has its new place.
   *
   * @param redirect whether the old path answers 301 from now on, or 404
   */
  public JsonObject rename(String fullName, String newFullName, boolean redirect) {
    return control(
        "POST",
        "/repositories/" + fullName + "/rename",
        new JsonObject().put("fullName", newFullName).put("redirect", redirect));
  }

  /** A repository access token, as its owner makes it in the browser. */
  public String token(String fullName, String... scopes) {
    return control(
            "POST",
            "/repositories/" + fullName + "/tokens",
            new JsonObject().put("scopes", new JsonArray(List.of(scopes))))
        .getString("token");
  }

  /** None of a repository's tokens is taken any more. */
  public void revokeTokens(String fullName) {
    control("DELETE", "/repositories/" + fullName + "/tokens", NOTHING);
  }

  public void person(String nickname) {
    control("PUT", "/users/" + nickname, NOTHING);
  }

  /** A person who may do that much with a repository. */
  public JsonObject person(String nickname, String fullName, String permission) {
    return control(
        "PUT",
        "/users/" + nickname,
        new JsonObject()
            .put("displayName", nickname)
            .put("permissions", new JsonObject().put(fullName, permission)));
  }

  /** A token that a person made for themselves. */
  public String apiToken(String nickname, String email, String... scopes) {
    return control(
            "POST",
            "/users/" + nickname + "/tokens",
            new JsonObject().put("email", email).put("scopes", new JsonArray(List.of(scopes))))
        .getString("token");
  }

  /** What a person, who need not be known yet, may do with a repository from now on. */
  public void member(String fullName, String nickname, String role) {
    control(
        "PUT",
        "/repositories/" + fullName + "/members",
        new JsonObject().put("account", nickname).put("role", role));
  }

  /** A new commit on main; the answer has the change and its deliveries. */
  public JsonObject push(String fullName) {
    return push(fullName, List.of(Map.of("ref", "refs/heads/main")));
  }

  /** The new commit that a ref points to from now on. */
  public String push(String fullName, String ref) {
    return push(fullName, List.of(Map.of("ref", ref)))
        .getJsonArray("changes")
        .getJsonObject(0)
        .getString("new");
  }

  /** Moves a ref to a commit. */
  public void push(String fullName, String ref, String commit) {
    push(fullName, List.of(Map.of("ref", ref, "to", commit)));
  }

  /** The changes and their deliveries. */
  public JsonObject push(String fullName, List<? extends Map<String, ?>> changes) {
    return control(
        "POST",
        "/repositories/" + fullName + "/push",
        new JsonObject().put("changes", new JsonArray(changes)));
  }

  /** A body that says of a push whatever it says; what each attempt of each hook was answered. */
  public List<Integer> deliver(String fullName, JsonObject push) {
    String path = "/_simulator/repositories/" + fullName + "/deliver?event=repo:push";
    return new JsonArray(must(Http.json("POST", url + path, push)).body())
        .stream()
            .map(JsonObject.class::cast)
            .flatMap(hook -> objects(hook, "attempts"))
            .map(attempt -> attempt.getInteger("status"))
            .toList();
  }

  /** Pushes an annotated tag; the commit it points to. */
  public String tag(String fullName, String tag) {
    push(fullName, List.of(Map.of("ref", "refs/tags/" + tag, "annotated", true)));
    return values(token(fullName, "repository"), "/repositories/" + fullName + "/refs/tags")
        .filter(each -> each.getString("name").equals(tag))
        .findFirst()
        .orElseThrow()
        .getJsonObject("target")
        .getString("hash");
  }

  /** The repository's hooks, as a token of it with the scope webhook sees them. */
  public List<JsonObject> hooks(String fullName) {
    return values(
            token(fullName, "webhook", "repository"),
            "/repositories/" + fullName + "/hooks?pagelen=100")
        .toList();
  }

  /** A hook of somebody else's, as a person makes it on Bitbucket's page; its uuid. */
  public String addHook(String fullName, URI url, String secret) {
    return control(
            "POST",
            "/repositories/" + fullName + "/hooks",
            new JsonObject().put("url", url.toString()).put("secret", secret))
        .getString("uuid");
  }

  /**
   * As a person changes a hook there: {@code url}, {@code active}, {@code events}, {@code secret}.
   */
  public void changeHook(String fullName, String uuid, Map<String, ?> changes) {
    control(
        "PUT", "/repositories/" + fullName + "/hooks/" + encode(uuid), JsonObject.mapFrom(changes));
  }

  /** As a person removes a hook on Bitbucket's page. */
  public void removeHook(String fullName, String uuid) {
    control("DELETE", "/repositories/" + fullName + "/hooks/" + encode(uuid), NOTHING);
  }

  private Stream<JsonObject> values(String token, String path) {
    return objects(api(token, "GET", path, NOTHING).json(), "values");
  }

  private static Stream<JsonObject> objects(JsonObject in, String list) {
    return in.getJsonArray(list).stream().map(JsonObject.class::cast);
  }

  /** The statuses of a commit. */
  public List<JsonObject> statuses(String fullName, String commit) {
    return ofCommit(fullName, "statuses", commit).toList();
  }

  /** The states that were written on a commit, in order. */
  public List<String> writes(String fullName, String commit) {
    return ofCommit(fullName, "writes", commit)
        .map(write -> write.getJsonObject("body").getString("state"))
        .toList();
  }

  private Stream<JsonObject> ofCommit(String fullName, String list, String commit) {
    return objects(control("GET", "/repositories/" + fullName + "/statuses", NOTHING), list)
        .filter(one -> one.getString("commit").equals(commit));
  }

  public Map<String, StoredFile> downloads(String fullName) {
    return objects(control("GET", "/repositories/" + fullName + "/downloads", NOTHING), "downloads")
        .collect(
            Collectors.toMap(
                file -> file.getString("name"),
                file ->
                    new StoredFile(
                        file.getLong("size"),
                        file.getString("sha256"),
                        file.getInteger("replaced")),
                (one, other) -> one,
                TreeMap::new));
  }

  /** Puts a file into the repository's downloads. */
  public void upload(String fullName, String name, String content) {
    String body =
        """
        --cut\r
        Content-Disposition: form-data; name="files"; filename="%s"\r
        Content-Type: application/octet-stream\r
        \r
        %s\r
        --cut--\r
        """
            .formatted(name, content);
    must(
        Http.send(
            "POST",
            url + "/2.0/repositories/" + fullName + "/downloads",
            Map.of(
                "Content-Type",
                "multipart/form-data; boundary=cut",
                "Authorization",
                "Bearer " + token(fullName, "repository:write")),
            body));
  }

  /** As a person deletes a download on Bitbucket's page. */
  public void deleteDownload(String fullName, String name) {
    must(
        api(
            token(fullName, "repository", "repository:write"),
            "DELETE",
            "/repositories/" + fullName + "/downloads/" + name,
            NOTHING));
  }

  /** A call of the real API. */
  public Reply api(String token, String method, String path, JsonObject body) {
    return Http.send(
        method,
        url + "/2.0" + path,
        Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"),
        body.isEmpty() ? "" : body.encode());
  }

  /** How the API answers to an authorization: what a worker would see. */
  public int statusOf(String authorization, String path) {
    return show(authorization, path).status();
  }

  /** What the API shows to an authorization. */
  public Reply show(String authorization, String path) {
    return Http.send("GET", url + path, Map.of("Authorization", authorization), "");
  }

  /** A person clicks through the consent page; the code that the browser brings back. */
  public String authorize(String nickname) {
    String form =
        Map.of(
                "client_id",
                CLIENT_ID,
                "response_type",
                "code",
                "redirect_uri",
                CALLBACK.toString(),
                "decision",
                "grant",
                "user",
                nickname)
            .entrySet()
            .stream()
            .map(field -> field.getKey() + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
    Reply reply =
        Http.send(
            "POST",
            url + "/site/oauth2/authorize",
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            form);
    Matcher code = CODE.matcher(reply.header("Location"));
    if (!code.find()) {
      throw new AssertionError("no code in " + reply);
    }
    return code.group(1);
  }

  /** As the OAuth client. */
  public Reply exchange(String code, String redirectUri) {
    String client = CLIENT_ID + ":" + CLIENT_SECRET;
    return Http.send(
        "POST",
        url + "/site/oauth2/access_token",
        Map.of(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(client.getBytes(StandardCharsets.UTF_8)),
            "Content-Type",
            "application/x-www-form-urlencoded"),
        "grant_type=authorization_code&code=%s&redirect_uri=%s"
            .formatted(encode(code), encode(redirectUri)));
  }

  /** The same without the page: for many at once. */
  public String grant(String nickname) {
    return control("POST", "/grants", new JsonObject().put("account", nickname)).getString("code");
  }

  public void fault(Map<String, ?> fault) {
    fault(JsonObject.mapFrom(fault));
  }

  public void fault(JsonObject fault) {
    control("POST", "/faults", fault);
  }

  /** Whether a fault of this path has not struck as often as it is to. */
  public boolean isArmed(String path) {
    return objects(control("GET", "/faults", NOTHING), "faults")
        .anyMatch(fault -> fault.getString("path").equals(path));
  }

  public void breakTokenEndpoint(JsonObject fault) {
    fault(fault.put("path", TOKEN_ENDPOINT));
  }

  /** No faults any more. */
  public void mend() {
    control("DELETE", "/faults", NOTHING);
  }

  public void setting(String name, Object value) {
    settings(Map.of(name, value));
  }

  public void settings(Map<String, ?> settings) {
    control("POST", "/settings", JsonObject.mapFrom(settings));
  }

  /** What tells the statuses of a commit apart: {@code key} or {@code key+refname}. */
  public void identifyStatusesBy(String identity) {
    setting("statusIdentity", identity);
  }

  /** How often the token endpoint was called, with whatever end. */
  public int tokenRequests() {
    return requests(TOKEN_ENDPOINT).mapToInt(one -> one.getInteger("count")).sum();
  }

  /** Requests of a method to this path and below; it stands in a query as it is. */
  public int requests(String method, String path) {
    return requests(path)
        .filter(one -> one.getString("method").equals(method))
        .mapToInt(one -> one.getInteger("count"))
        .sum();
  }

  /** Requests to such paths that were refused for their number. */
  public int refused(String path) {
    return requests(path)
        .filter(one -> one.getInteger("status") == 429)
        .mapToInt(one -> one.getInteger("count"))
        .sum();
  }

  /** How many uploads to this path broke off before their end. */
  public int torn(String path) {
    return requests(path)
        .filter(one -> one.getString("method").equals("POST") && one.getInteger("status") == 0)
        .mapToInt(one -> one.getInteger("count"))
        .sum();
  }

  private Stream<JsonObject> requests(String path) {
    return objects(control("GET", "/requests?path=" + path, NOTHING), "requests");
  }

  /** Every secret it ever gave anybody; one that was started here also knows once it is closed. */
  public List<String> issued() {
    if (own != null) {
      return own.issued();
    }
    return objects(control("GET", "/issued", NOTHING), "secrets")
        .map(secret -> secret.getString("value"))
        .toList();
  }

  /** What it counted of refreshing; of one that was started here. */
  public RefreshLog.Summary refreshes() {
    if (own == null) {
      throw new IllegalStateException("it was started elsewhere");
    }
    return own.refreshes();
  }

  /** Of one person. */
  public RefreshLog.Count refreshes(String nickname) {
    return refreshes().accounts().getOrDefault(nickname, new RefreshLog.Count(0, 0, 0, 0, 0));
  }

  /** Those very bytes, signed and sent to the repository's hooks. */
  public void deliver(String fullName, String event, JsonObject body) {
    Reply unused =
        must(
            Http.json(
                "POST",
                "%s/_simulator/repositories/%s/deliver?event=%s".formatted(url, fullName, event),
                body));
  }

  public JsonObject control(String method, String path, JsonObject body) {
    Reply reply = must(Http.json(method, url + "/_simulator" + path, body));
    return reply.body().isEmpty() ? NOTHING : reply.json();
  }

  private static Reply must(Reply reply) {
    if (reply.status() < 200 || reply.status() > 299) {
      throw new AssertionError("the simulator answered " + reply);
    }
    return reply;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
