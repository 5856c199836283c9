package sh.cinch.acceptance;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.Ability;
import sh.cinch.forge.Cause;
import sh.cinch.forge.CommitStatus;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeHooks;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeSession;
import sh.cinch.forge.PostedStatus;
import sh.cinch.forge.Refs;
import sh.cinch.forge.Repositories;
import sh.cinch.forge.Site;
import sh.cinch.forge.Statuses;
import sh.cinch.forge.call.LeasedCalls;
import sh.cinch.schema.event.ForgeRequest;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.lease.Leases;

/**
 * A forge that is little like Bitbucket, and the program that serves it: numbers for repositories,
 * pages by number, no refname, no webhooks, no downloads.
 */
final class PlainForge implements AutoCloseable {

  static final String NAME = "plain";

  private static final int TAGS_A_PAGE = 1;

  private final Vertx vertx;
  private final HttpServer server;
  private final String token;
  private final Map<String, JsonObject> checks = new ConcurrentHashMap<>();
  private final Map<String, String> tags = new ConcurrentHashMap<>();

  /**
   * @param token the only one it takes
   */
  PlainForge(Vertx vertx, String token) {
    this.vertx = vertx;
    this.token = token;
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> request.body().onSuccess(body -> answer(request, body.toString())))
            .listen(0, "localhost")
            .await();
  }

  URI url() {
    return URI.create("http://localhost:" + server.actualPort());
  }

  void tag(String name, String commit) {
    tags.put(name, commit);
  }

  /** As it has it, under {@code <project>/<commit>/<key>}. */
  Optional<JsonObject> check(String path) {
    return Optional.ofNullable(checks.get(path));
  }

  private void answer(HttpServerRequest request, String body) {
    if (!("Bearer " + token).equals(request.getHeader("Authorization"))) {
      request.response().setStatusCode(401).end();
    } else if (request.path().startsWith("/checks/")) {
      checks.put(request.path().substring("/checks/".length()), new JsonObject(body));
      request.response().end();
    } else if (request.path().startsWith("/tags/")) {
      request.response().end(page(Integer.parseInt(request.getParam("page"))).encode());
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  private JsonObject page(int number) {
    List<JsonObject> all =
        tags.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(tag -> new JsonObject().put("name", tag.getKey()).put("commit", tag.getValue()))
            .toList();
    int from = Math.min(all.size(), number * TAGS_A_PAGE);
    int to = Math.min(all.size(), from + TAGS_A_PAGE);
    return new JsonObject().put("tags", new JsonArray(all.subList(from, to)));
  }

  @Override
  public void close() {
    server.close().await();
  }

  /** What a service is given to serve it. */
  Forge served(Leases leases) {
    return new Served(WebClient.create(vertx), new Site(NAME, url(), url()), leases);
  }

  private record Served(WebClient web, Site site, Leases leases) implements Forge {

    @Override
    public Set<Ability> abilities(Collection<String> scopes) {
      throw new UnsupportedOperationException("no worker asks what scopes mean");
    }

    @Override
    public ForgeResult<Forge> ready(UUID credential) {
      return new LeasedCalls(leases, credential, () -> true).lease().map(lease -> this);
    }

    @Override
    public ForgeResult<Forge> readyAnew(UUID credential) {
      leases.forget(credential);
      return ready(credential);
    }

    @Override
    public ForgeSession open(ForgeCaller caller, BooleanSupplier mayBegin) {
      return new Session(web, site, new LeasedCalls(leases, caller.credential(), mayBegin));
    }

    @Override
    public void close() {
      web.close();
    }
  }

  private static final class Session implements ForgeSession, Statuses, Refs {

    private final WebClient web;
    private final Site site;
    private final LeasedCalls calls;
    private final List<ForgeRequest> requests = new ArrayList<>();

    Session(WebClient web, Site site, LeasedCalls calls) {
      this.web = web;
      this.site = site;
      this.calls = calls;
    }

    @Override
    public Statuses statuses() {
      return this;
    }

    @Override
    public Refs refs() {
      return this;
    }

    @Override
    public Repositories repositories() {
      throw new UnsupportedOperationException("no worker lists repositories");
    }

    @Override
    public ForgeHooks hooks() {
      throw new UnsupportedOperationException("no worker makes webhooks");
    }

    @Override
    public <C extends Capability> Optional<C> optional(Class<C> capability) {
      return Optional.empty();
    }

    @Override
    public List<ForgeRequest> requests() {
      return List.copyOf(requests);
    }

    @Override
    public ForgeResult<Optional<Branch>> defaultBranch(ForgeRepository repository) {
      throw new UnsupportedOperationException("no worker simulates pushes");
    }

    @Override
    public ForgeResult<PostedStatus> post(ForgeRepository repository, CommitStatus status) {
      JsonObject body =
          new JsonObject().put("verdict", status.state().name()).put("title", status.name());
      return ask(
          HttpMethod.PUT,
          "/checks/%s/%s/%s"
              .formatted(repository.uuid().orElseThrow(), status.commit(), status.key()),
          body,
          answer ->
              new PostedStatus(status.key(), status.state().name(), Optional.empty(), List.of()));
    }

    @Override
    public Reading begin() {
      throw new UnsupportedOperationException("no worker compares heads");
    }

    @Override
    public ForgeResult<Heads> heads(
        ForgeRepository repository, BiPredicate<String, String> wanted, Reading soFar) {
      throw new UnsupportedOperationException("no worker compares heads");
    }

    @Override
    public ForgeResult<Optional<String>> tag(ForgeRepository repository, String tag) {
      return tag(repository, tag, 0);
    }

    private ForgeResult<Optional<String>> tag(ForgeRepository repository, String tag, int page) {
      return ask(
              HttpMethod.GET,
              "/tags/%s?page=%d".formatted(repository.uuid().orElseThrow(), page),
              null,
              answer -> answer.bodyAsJsonObject().getJsonArray("tags").stream())
          .then(
              found -> {
                List<JsonObject> some = found.map(JsonObject.class::cast).toList();
                if (some.isEmpty()) {
                  return new ForgeResult.Done<>(Optional.empty(), OptionalInt.empty());
                }
                return some.stream()
                    .filter(one -> one.getString("name").equals(tag))
                    .map(one -> Optional.of(one.getString("commit")))
                    .findFirst()
                    .<ForgeResult<Optional<String>>>map(
                        commit -> new ForgeResult.Done<>(commit, OptionalInt.empty()))
                    .orElseGet(() -> tag(repository, tag, page + 1));
              });
    }

    private <T> ForgeResult<T> ask(
        HttpMethod method,
        String path,
        @Nullable JsonObject body,
        Function<HttpResponse<Buffer>, T> reading) {
      return calls.call(lease -> ask(lease, method, path, body, reading));
    }

    private <T> ForgeResult<T> ask(
        Lease lease,
        HttpMethod method,
        String path,
        @Nullable JsonObject body,
        Function<HttpResponse<Buffer>, T> reading) {
      var request =
          web.requestAbs(method, site.api() + path)
              .putHeader("Authorization", lease.authorization().reveal());
      HttpResponse<Buffer> answer =
          (body == null ? request.send() : request.sendJsonObject(body)).await();
      OptionalInt status = OptionalInt.of(answer.statusCode());
      requests.add(new ForgeRequest(Instant.now(), method.name(), answer.statusCode(), 0, null));
      return switch (answer.statusCode()) {
        case 200 -> new ForgeResult.Done<>(reading.apply(answer), status);
        case 401 ->
            new ForgeResult.Later<>(
                Cause.AUTHORIZATION, status, "who are you?", Duration.ofSeconds(1));
        default -> new ForgeResult.Refused<>(Cause.NOT_FOUND, status, "no such thing");
      };
    }
  }
}
