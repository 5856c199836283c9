package sh.cinch.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The token-service's contract over HTTP: keeps in memory what a test gives it or a caller brings,
 * lends it, and never refreshes.
 */
public final class FakeTokenService implements AutoCloseable {

  private static final Pattern PATH =
      Pattern.compile(
          "/v1/credentials(?:/([0-9a-f-]+)(?:/(leases|rejections|replacements|tries))?)?");

  private final HttpServer server;
  private final String secret;
  private final SimulatedBitbucket bitbucket;
  private final Map<UUID, Credential> credentials = new ConcurrentHashMap<>();
  private final List<UUID> tries = new CopyOnWriteArrayList<>();
  private volatile boolean isAway;
  private volatile boolean erases = true;

  /** Tokens, each lent until it is rejected, and what stands in the way. */
  public static final class Credential {

    private final UUID id;
    private final String kind;
    private final @Nullable JsonObject account;
    private final @Nullable String expiresAt;
    private final JsonArray scopes;
    private final Function<String, String> authorization;
    private final Deque<String> tokens = new ConcurrentLinkedDeque<>();
    private final Map<String, String> lent = new ConcurrentHashMap<>();
    private final AtomicInteger rejections = new AtomicInteger();
    private volatile String state = "healthy";
    private volatile @Nullable String reason;

    private Credential(
        UUID id,
        String kind,
        @Nullable JsonObject account,
        @Nullable String expiresAt,
        JsonArray scopes,
        Function<String, String> authorization) {
      this.scopes = scopes;
      this.authorization = authorization;
      this.id = id;
      this.kind = kind;
      this.account = account;
      this.expiresAt = expiresAt;
    }

    public UUID id() {
      return id;
    }

    public int rejections() {
      return rejections.get();
    }

    /** One more, lent once those before it are rejected. */
    public void add(String token) {
      tokens.add(token);
    }

    public void needsAuthorization(String why) {
      is("needs-authorization", why);
    }

    public void authorized() {
      is("healthy", null);
    }

    private void is(String newState, @Nullable String why) {
      reason = why;
      state = newState;
    }

    private JsonObject shown() {
      return new JsonObject()
          .put("id", id.toString())
          .put("kind", kind)
          .put("scopes", scopes)
          .put("state", state)
          .put("reason", reason)
          .put("account", account)
          .put("expiresAt", expiresAt);
    }
  }

  /** What a request is answered instead of what it asks for. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    private Refusal(int status, String detail) {
      super(detail);
      this.status = status;
    }
  }

  /**
   * @param secret what callers must show
   * @param bitbucket where it exchanges codes and tries tokens
   */
  public FakeTokenService(Vertx vertx, String secret, SimulatedBitbucket bitbucket) {
    this.secret = secret;
    this.bitbucket = bitbucket;
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body ->
                                Thread.startVirtualThread(() -> answer(request, body.toString()))))
            .listen(0, "localhost")
            .await();
  }

  public URI url() {
    return URI.create("http://localhost:" + server.actualPort());
  }

  /** Gives it a token, of a credential that need not be there yet. */
  public Credential credential(UUID id, String token) {
    Credential credential =
        credentials.computeIfAbsent(
            id,
            unseen ->
                new Credential(
                    id, "access-token", null, null, new JsonArray(), FakeTokenService::bearer));
    credential.add(token);
    return credential;
  }

  /** Until told otherwise it answers nobody as it should. */
  public void away(boolean now) {
    isAway = now;
  }

  /** Until told otherwise it erases nothing. */
  public void erases(boolean now) {
    erases = now;
  }

  /** As if it had found out. */
  public void stands(UUID credential, String state, String reason) {
    Objects.requireNonNull(credentials.get(credential)).is(state, reason);
  }

  /** The credentials that were asked to be tried again. */
  public List<UUID> tries() {
    return List.copyOf(tries);
  }

  /** As when it was erased. */
  public void forget(UUID credential) {
    credentials.remove(credential);
  }

  /** Whether it is there for the statuses that it began, and for nothing else. */
  public boolean keeps(UUID credential) {
    Credential there = credentials.get(credential);
    return there != null && there.state.equals("revoked");
  }

  public boolean has(UUID credential) {
    return credentials.containsKey(credential);
  }

  /** How often this token is kept. */
  public long size(String token) {
    return credentials.values().stream()
        .filter(credential -> token.equals(credential.tokens.peek()))
        .count();
  }

  private void answer(HttpServerRequest request, String body) {
    try {
      if (isAway) {
        throw new Refusal(503, "away");
      }
      if (!("Bearer " + secret).equals(request.getHeader("Authorization"))) {
        throw new Refusal(401, "who are you?");
      }
      Matcher path = PATH.matcher(request.path());
      if (!path.matches()) {
        throw new Refusal(404, "no such path");
      }
      String what = request.method() + " " + Objects.requireNonNullElse(path.group(2), "");
      if (path.group(1) == null) {
        store(request, new JsonObject(body));
      } else {
        answer(request, what, UUID.fromString(path.group(1)), body);
      }
    } catch (Refusal refusal) {
      end(
          request,
          refusal.status,
          new JsonObject().put("status", refusal.status).put("detail", refusal.getMessage()));
    }
  }

  private void answer(HttpServerRequest request, String what, UUID id, String body) {
    if (what.equals("DELETE ")) {
      erase(request, id);
      return;
    }
    Credential credential =
        Optional.ofNullable(credentials.get(id))
            .orElseThrow(() -> new Refusal(404, "no such credential"));
    switch (what) {
      case "GET " -> end(request, 200, credential.shown());
      case "POST leases" -> lend(request, credential, body);
      case "POST rejections" -> reject(request, credential, new JsonObject(body));
      case "POST replacements" -> keep(request, credential);
      case "POST tries" -> tryAgain(request, credential);
      default -> throw new Refusal(405, "no such call");
    }
  }

  private static void lend(HttpServerRequest request, Credential credential, String body) {
    String token = credential.tokens.peek();
    if (credential.state.equals("needs-authorization")) {
      throw new Refusal(409, String.valueOf(credential.reason));
    }
    if (token == null) {
      throw new Refusal(503, "nothing to lend");
    }
    boolean forGit = !body.isEmpty() && "git".equals(new JsonObject(body).getString("use"));
    String gitName =
        credential.kind.equals("api-token") ? "x-bitbucket-api-token-auth" : "x-token-auth";
    String lease = UUID.randomUUID().toString();
    credential.lent.put(lease, token);
    end(
        request,
        201,
        new JsonObject()
            .put("leaseId", lease)
            .put(
                "authorization",
                forGit ? basic(gitName, token) : credential.authorization.apply(token))
            .putNull("expiresAt")
            .put("identity", "token " + credential.id)
            .putNull("account"));
  }

  /** A token that was replaced since takes no other with it. */
  private static void reject(HttpServerRequest request, Credential credential, JsonObject body) {
    credential.rejections.incrementAndGet();
    String token = credential.lent.get(body.getString("leaseId"));
    if (token != null) {
      boolean unused = credential.tokens.remove(token);
    }
    request.response().setStatusCode(204).end();
  }

  private void tryAgain(HttpServerRequest request, Credential credential) {
    if (credential.state.equals("healthy")) {
      throw new Refusal(409, "The credential is healthy.");
    }
    tries.add(credential.id);
    request.response().setStatusCode(202).end();
  }

  private void keep(HttpServerRequest request, Credential credential) {
    if (!erases) {
      throw new Refusal(503, "the database is away");
    }
    credential.is("revoked", "another credential took its place");
    request.response().setStatusCode(204).end();
  }

  private void erase(HttpServerRequest request, UUID credential) {
    if (!erases) {
      throw new Refusal(503, "the database is away");
    }
    credentials.remove(credential);
    request.response().setStatusCode(204).end();
  }

  private void store(HttpServerRequest request, JsonObject body) {
    if (body.getString("kind").equals("oauth")) {
      String token = exchange(body);
      JsonObject user = bitbucket.api(token, "GET", "/user", new JsonObject()).json();
      JsonObject account =
          new JsonObject()
              .put("uuid", user.getString("uuid"))
              .put("name", user.getString("display_name"));
      keep(request, body, token, "oauth", account, FakeTokenService::bearer);
    } else {
      paste(request, body, body.getString("token"), body.getString("email"));
    }
  }

  /** A person's own token comes with the address that they sign in by. */
  private void paste(
      HttpServerRequest request, JsonObject body, String token, @Nullable String email) {
    Function<String, String> authorization =
        email == null ? FakeTokenService::bearer : shown -> basic(email, shown);
    String repository = "/2.0/repositories/" + body.getString("fullName");
    if (bitbucket.statusOf(authorization.apply(token), repository) == 401) {
      throw new Refusal(422, "Bitbucket does not know this token.");
    }
    keep(
        request,
        body,
        token,
        email == null ? "access-token" : "api-token",
        account(authorization.apply(token)),
        authorization);
  }

  /** A person's; null where it is nobody's, or does not say. */
  private @Nullable JsonObject account(String authorization) {
    Reply user = bitbucket.show(authorization, "/2.0/user");
    return user.status() == 200 && user.text("type").equals("user")
        ? new JsonObject()
            .put("uuid", user.json().getString("uuid"))
            .put("name", user.json().getString("display_name"))
        : null;
  }

  /** A refusal for want of a scope lists those that are there. */
  private JsonArray scopes(String authorization) {
    Reply refused = bitbucket.show(authorization, "/2.0/user/workspaces");
    return refused.status() == 403
        ? refused.json().getJsonObject("error").getJsonObject("detail").getJsonArray("granted")
        : new JsonArray(List.of("repository", "webhook"));
  }

  private static String bearer(String token) {
    return "Bearer " + token;
  }

  private static String basic(String email, String token) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((email + ":" + token).getBytes(StandardCharsets.UTF_8));
  }

  private String exchange(JsonObject body) {
    Reply reply = bitbucket.exchange(body.getString("code"), body.getString("redirectUri"));
    if (reply.status() != 200) {
      throw new Refusal(422, "Bitbucket refused the code.");
    }
    return reply.text("access_token");
  }

  /** An account's grant is repaired by its next one; a token that is there already is kept once. */
  private void keep(
      HttpServerRequest request,
      JsonObject body,
      String token,
      String kind,
      @Nullable JsonObject account,
      Function<String, String> authorization) {
    Optional<Credential> before =
        credentials.values().stream()
            .filter(
                one ->
                    token.equals(one.tokens.peek())
                        || (kind.equals("oauth")
                            && one.kind.equals(kind)
                            && Objects.equals(account, one.account)))
            .findFirst();
    if (before.isPresent()) {
      Credential known = before.get();
      if (kind.equals("oauth")) {
        known.tokens.clear();
        known.add(token);
      }
      if (kind.equals("oauth") || known.state.equals("revoked")) {
        known.authorized();
      }
      end(request, 200, known.shown());
      return;
    }
    UUID id = UUID.randomUUID();
    Credential credential =
        new Credential(
            id,
            kind,
            account,
            body.getString("expiresAt"),
            scopes(authorization.apply(token)),
            authorization);
    credential.add(token);
    credentials.put(id, credential);
    end(request, 201, credential.shown());
  }

  private static void end(HttpServerRequest request, int status, JsonObject body) {
    request.response().setStatusCode(status).end(body.encode());
  }

  @Override
  public void close() {
    server.close().await();
  }
}
