package sh.cinch.forge.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.forge.Applied;
import sh.cinch.forge.Cause;
import sh.cinch.forge.CommitStatus;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeDownloads;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeSession;
import sh.cinch.forge.Pool;
import sh.cinch.forge.PostedStatus;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Repositories;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.forge.Repositories.Gap;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.Databases;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.forge.call.Requests;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.ForgeRequest;
import sh.cinch.service.database.Database;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.trace.Traceparent;

/** Bitbucket and the token-service are one server here, which answers as each test says. */
class BitbucketCloudTest {

  private static final String COMMIT = "b2".repeat(20);
  private static final int NO_ANSWER = 0;
  private final String identity = "client " + UUID.randomUUID();
  private static final Optional<String> ACCOUNT = Optional.of("{ada}");
  private static final ForgeRepository APP =
      ForgeRepository.identified("acme/app", "{app}", Optional.empty());
  private static final String STATUS = "/2.0/repositories/acme/%7Bapp%7D/commit/b2";
  private static final String TAG = "/2.0/repositories/acme/%7Bapp%7D/refs/tags/";

  private final UUID credential = UUID.randomUUID();
  private final Vertx vertx = Vertx.vertx();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Traceparent> hops = new CopyOnWriteArrayList<>();
  private final List<String> rejections = new CopyOnWriteArrayList<>();
  private final Map<String, Played> plays = new ConcurrentHashMap<>();
  private final AtomicInteger leases = new AtomicInteger();
  private static final Database DATABASE = Databases.fresh();
  private final Requests requestsMade =
      new Requests(
          DATABASE, InstantSource.system(), new SimpleMeterRegistry(), HourlyLimit.usual());

  @SuppressWarnings("NullAway.Init")
  private BitbucketCloud cloud;

  private record Played(int status, String body, Map<String, String> headers) {}

  @BeforeEach
  void listen() {
    HttpServer server =
        vertx.createHttpServer().requestHandler(this::answer).listen(0, "localhost").await();
    URI url = URI.create("http://localhost:" + server.actualPort());
    cloud =
        new BitbucketCloud(
            vertx,
            Site.bitbucketCloud(url, url),
            new Leases(vertx, url, Secret.of("s".repeat(16)), InstantSource.system()),
            requestsMade,
            InstantSource.system(),
            2);
    plays(
        "/2.0/repositories/acme/%7Bapp%7D", 200, "{\"uuid\":\"{app}\",\"full_name\":\"acme/app\"}");
  }

  @AfterEach
  void close() {
    cloud.close();
    vertx.close().await();
  }

  @Test
  void aCallIsTheNextHopOfItsTraceAndCountedByWhatItIsFor() {
    plays(STATUS, 201, "{\"key\":\"unit\",\"state\":\"SUCCESSFUL\"}");
    Traceparent trace = Traceparent.begin();
    ForgeSession session = cloud.open(new ForgeCaller(credential, Purpose.FINAL_STATUS, trace, 1));

    assertThat(session.statuses().post(APP, status()))
        .isEqualTo(
            new ForgeResult.Done<>(
                new PostedStatus("unit", "SUCCESSFUL", ACCOUNT, List.of()), 201));

    assertThat(hops)
        .singleElement()
        .satisfies(
            hop -> {
              assertThat(hop.trace()).isEqualTo(trace.trace());
              assertThat(hop.span()).isNotEqualTo(trace.span());
            });
    assertThat(session.requests())
        .singleElement()
        .returns("POST", ForgeRequest::method)
        .returns(201, ForgeRequest::httpStatus);
    assertThat(requestsMade.counts().lastHour(identity, Pool.REPOSITORIES, Purpose.FINAL_STATUS))
        .isEqualTo(1);
    assertThat(requestsMade.counts().lastHour(identity, Pool.REPOSITORIES, Purpose.PAGE)).isZero();
    assertThat(requestsMade.counts().lastHour(identity, Pool.WEBHOOKS)).isZero();
  }

  @Test
  void aRejectedTokenIsReportedAndTheCallMadeOnceMoreWithAnother() {
    plays(STATUS, 401, "");
    ForgeSession session = session(1);

    assertThat(later(session.statuses().post(APP, status())).cause())
        .isEqualTo(Cause.AUTHORIZATION);

    assertThat(rejections).hasSize(1);
    assertThat(leases).hasValue(2);
    assertThat(session.requests()).hasSize(2);
  }

  @Test
  void withoutALeaseNothingIsAsked() {
    plays("leases", 503, "{\"detail\":\"later\"}");
    assertThat(later(session(1).refs().tag(APP, "v1")).cause()).isEqualTo(Cause.LEASE);
    plays("leases", 409, "{\"detail\":\"gone\"}");
    assertThat(later(session(1).refs().tag(APP, "v1")).cause()).isEqualTo(Cause.AUTHORIZATION);
    assertThat(requests).isEmpty();
  }

  @Test
  void aRequestThatMayNotBeginIsNotMade() {
    ForgeSession session =
        cloud.open(ForgeCaller.once(credential, Purpose.FINAL_STATUS), () -> false);
    assertThat(session.statuses().post(APP, status())).isInstanceOf(ForgeResult.NotBegun.class);
    assertThat(requests).isEmpty();
  }

  /** What each answer to a status means. */
  @ParameterizedTest
  @CsvSource({
    "400, Refused INVALID",
    "403, Refused OWNERSHIP",
    "408, Later FORGE",
    "409, Later FORGE",
    "410, Refused INVALID",
    "429, Later RATE_LIMIT",
    "500, Later FORGE",
    "502, Unclear",
    "503, Later FORGE",
    "504, Unclear",
    "302, Later FORGE"
  })
  void everyAnswerHasOneMeaning(int status, String meaning) {
    plays(STATUS, status, "");
    assertThat(meaning(session(1).statuses().post(APP, status()))).isEqualTo(meaning);
  }

  @Test
  void aCommitThatIsNotKnownYetMayAppear() {
    plays(STATUS, 404, "");
    assertThat(meaning(session(3).statuses().post(APP, status()))).isEqualTo("Later NOT_FOUND");
    assertThat(meaning(session(4).statuses().post(APP, status()))).isEqualTo("Refused NOT_FOUND");
  }

  @Test
  void whatTheRepositoryItselfIsRefusedWithIsAnOutage() {
    plays("/2.0/repositories/acme/%7Bapp%7D", 404, "");
    plays(STATUS, 403, "");
    assertThat(later(session(1).statuses().post(APP, status())).reason())
        .isEqualTo("Bitbucket answered 403, also for the repository itself");
    plays(STATUS, 404, "");
    assertThat(meaning(session(4).statuses().post(APP, status()))).isEqualTo("Later FORGE");
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "1, 2", "90, 90", "99999, 3600"})
  void retryAfterIsKeptWithinBounds(int asked, int kept) {
    plays.put(STATUS, new Played(429, "", Map.of("Retry-After", String.valueOf(asked))));
    assertThat(later(session(1).statuses().post(APP, status())).pause())
        .isEqualTo(Duration.ofSeconds(kept));
  }

  @Test
  void aTagWithASlashIsLookedForInTheListToo() {
    plays(TAG + "rel%2F1", 404, "");
    plays(
        TAG.substring(0, TAG.length() - 1) + "?",
        200,
        "{\"values\":[{\"name\":\"rel/1\",\"target\":{\"hash\":\"%s\"}}]}".formatted(COMMIT));
    assertThat(session(1).refs().tag(APP, "rel/1"))
        .isEqualTo(new ForgeResult.Done<>(Optional.of(COMMIT), 200));
    plays(TAG + "v1", 404, "");
    assertThat(session(1).refs().tag(APP, "v1"))
        .isEqualTo(new ForgeResult.Done<>(Optional.empty(), 404));
  }

  @Test
  void aHookThatIsGoneIsDeletedUnlessEverythingSeemsGone() {
    String hook = "{7a1f0c52-0000-4000-8000-000000000001}";
    assertThat(session(1).hooks().delete(APP, hook))
        .isEqualTo(new ForgeResult.Done<>(new Applied(), 404));
    plays("/2.0/repositories/acme/%7Bapp%7D", 404, "");
    assertThat(meaning(session(1).hooks().delete(APP, hook))).isEqualTo("Later FORGE");
  }

  @Test
  void aWorkspaceThatCannotBeListedCostsOnlyItsOwn() {
    workspaces("a", "b");
    lists("a", "one");
    plays("/2.0/repositories/%7Bb%7D?", 403, "{\"error\":{\"message\":\"closed\"}}");

    Repositories.Accessible accessible = accessible();

    assertThat(accessible.visible()).extracting(Found::fullName).containsExactly("a/one");
    assertThat(accessible.administered()).extracting(Found::fullName).containsExactly("a/one");
    assertThat(accessible.gaps())
        .containsExactly(
            new Gap.Unlisted(
                "b",
                Optional.of("{b}"),
                new ForgeResult.Refused<>(Cause.FORBIDDEN, OptionalInt.of(403), "closed")));
  }

  @Test
  void whereNoWorkspaceCanBeListedThatIsTheResult() {
    workspaces("a", "b");
    plays("/2.0/repositories/%7Ba%7D?", 403, "");
    plays("/2.0/repositories/%7Bb%7D?", 404, "");
    assertThat(meaning(session(1).repositories().accessible())).isEqualTo("Refused FORBIDDEN");

    plays("/2.0/repositories/%7Bb%7D?", 500, "");
    assertThat(meaning(session(1).repositories().accessible())).isEqualTo("Later FORGE");

    plays("/2.0/user/workspaces", 200, "{\"values\":[null]}");
    assertThat(meaning(session(1).repositories().accessible())).isEqualTo("Later FORGE");

    workspaces();
    assertThat(accessible())
        .isEqualTo(new Repositories.Accessible(List.of(), List.of(), List.of()));
  }

  /** The same in every workspace, and nothing that the others' lists would make up for. */
  @ParameterizedTest
  @CsvSource({"401, Later AUTHORIZATION", "429, Later RATE_LIMIT"})
  void aFailureOfTheAccountIsThatOfTheListing(int status, String meaning) {
    workspaces("a", "b");
    lists("a", "one");
    plays("/2.0/repositories/%7Bb%7D?", status, "");

    assertThat(meaning(session(1).repositories().accessible())).isEqualTo(meaning);
  }

  @Test
  void whereTwoWorkspacesDoNotAnswerNoOtherIsWaitedFor() {
    workspaces("a", "b", "c", "d");
    lists("a", "one");
    plays("/2.0/repositories/%7Bb%7D?", NO_ANSWER, "");
    plays("/2.0/repositories/%7Bc%7D?", NO_ANSWER, "");
    lists("d", "four");

    Repositories.Accessible accessible = accessible();

    assertThat(accessible.visible()).extracting(Found::fullName).containsExactly("a/one");
    assertThat(accessible.gaps())
        .extracting(gap -> ((Gap.Unlisted) gap).name())
        .containsExactly("b", "c", "d");
    assertThat(requests).noneMatch(request -> request.contains("%7Bd%7D"));
  }

  @Test
  void whatCannotBeReadOfAListIsCounted() {
    plays(
        "/2.0/user/workspaces",
        200,
        "{\"values\":[null,{\"workspace\":{\"slug\":\"a\"}},{\"workspace\":{\"uuid\":\"{b}\"}}]}");
    plays(
        "/2.0/repositories/a?",
        200,
        "{\"values\":[{\"uuid\":\"{1}\",\"full_name\":\"a/one\"},null,{\"uuid\":\"{2}\"}]}");
    lists("b", "two");

    Repositories.Accessible accessible = accessible();

    assertThat(accessible.visible()).extracting(Found::fullName).containsExactly("a/one", "b/two");
    assertThat(accessible.gaps())
        .containsExactly(
            new Gap.OddWorkspaces(1), new Gap.OddRepositories("a", Optional.empty(), 2));
  }

  /** Not among those that can be read is not the same as not among them. */
  @Test
  void whoAdministersIsUnknownWhileTheListCannotBeReadWhole() {
    Found one = new Found("{one}", "a/one", Optional.of("{a}"), true);
    Found other = new Found("{other}", "a/other", Optional.of("{a}"), true);
    plays(
        "/2.0/repositories/%7Ba%7D?",
        200, "{\"values\":[{\"uuid\":\"{one}\",\"full_name\":\"a/one\"},null]}");

    assertThat(session(1).repositories().administers(one))
        .isEqualTo(new ForgeResult.Done<>(true, 200));
    assertThat(meaning(session(1).repositories().administers(other))).isEqualTo("Later FORGE");

    lists("a", "one");
    assertThat(session(1).repositories().administers(other))
        .isEqualTo(new ForgeResult.Done<>(false, 200));
  }

  @Test
  void noTagIsMissingWhileTheListCannotBeReadWhole() {
    plays(TAG, 404, "");
    plays(
        TAG.substring(0, TAG.length() - 1) + "?",
        200,
        "{\"values\":[null,{\"name\":\"rel/1\",\"target\":{\"hash\":\"%s\"}}]}".formatted(COMMIT));

    assertThat(session(1).refs().tag(APP, "rel/1"))
        .isEqualTo(new ForgeResult.Done<>(Optional.of(COMMIT), 200));
    assertThat(meaning(session(1).refs().tag(APP, "rel/2"))).isEqualTo("Later FORGE");
  }

  private void workspaces(String... names) {
    plays(
        "/2.0/user/workspaces",
        200,
        "{\"values\":%s}"
            .formatted(
                Stream.of(names)
                    .map(
                        name ->
                            "{\"workspace\":{\"uuid\":\"{%s}\",\"slug\":\"%s\"}}"
                                .formatted(name, name))
                    .toList()));
  }

  private void lists(String workspace, String repository) {
    plays(
        "/2.0/repositories/%%7B%s%%7D?".formatted(workspace),
        200,
        "{\"values\":[{\"uuid\":\"{%s}\",\"full_name\":\"%s/%s\"}]}"
            .formatted(repository, workspace, repository));
  }

  private Repositories.Accessible accessible() {
    ForgeResult<Repositories.Accessible> result = session(1).repositories().accessible();
    assertThat(result).isInstanceOf(ForgeResult.Done.class);
    return ((ForgeResult.Done<Repositories.Accessible>) result).value();
  }

  @Test
  void contentThatCannotBeOpenedIsNoRequest() {
    ForgeDownloads downloads = session(1).optional(ForgeDownloads.class).orElseThrow();
    assertThat(downloads.upload(APP, "a.zip", 3, Optional::empty))
        .isEqualTo(new ForgeDownloads.Upload.Answered(new ForgeResult.NotBegun<>()));
    assertThat(requests).isEmpty();
  }

  private static String meaning(ForgeResult<?> result) {
    return switch (result) {
      case ForgeResult.Done<?> done -> "Done";
      case ForgeResult.Later<?> later -> "Later " + later.cause();
      case ForgeResult.Unclear<?> unclear -> "Unclear";
      case ForgeResult.Refused<?> refused -> "Refused " + refused.cause();
      case ForgeResult.NotBegun<?> notBegun -> "NotBegun";
    };
  }

  private static ForgeResult.Later<?> later(ForgeResult<?> result) {
    assertThat(result).isInstanceOf(ForgeResult.Later.class);
    return (ForgeResult.Later<?>) result;
  }

  private ForgeSession session(int failures) {
    return cloud.open(
        new ForgeCaller(credential, Purpose.FINAL_STATUS, Traceparent.begin(), failures));
  }

  private static CommitStatus status() {
    return new CommitStatus(
        COMMIT, "unit", BuildState.State.SUCCESS, "Unit tests", "Passed", null, null);
  }

  private void plays(String path, int status, String body) {
    plays.put(path, new Played(status, body, Map.of()));
  }

  private void answer(HttpServerRequest request) {
    String path = request.uri();
    if (path.endsWith("/rejections")) {
      rejections.add(path);
      request.response().setStatusCode(204).end();
    } else if (path.endsWith("/leases")) {
      lease(request);
    } else {
      requests.add(request.method() + " " + path);
      Traceparent.parse(request.getHeader("traceparent")).ifPresent(hops::add);
      Played played =
          plays.entrySet().stream()
              .filter(each -> path.startsWith(each.getKey()))
              .max(Map.Entry.comparingByKey())
              .map(Map.Entry::getValue)
              .filter(each -> !path.contains("/hooks/"))
              .orElseGet(() -> new Played(404, "", Map.of()));
      if (played.status() == NO_ANSWER) {
        request.connection().close();
        return;
      }
      played.headers().forEach(request.response()::putHeader);
      request.response().setStatusCode(played.status()).end(played.body());
    }
  }

  private void lease(HttpServerRequest request) {
    Played refusal = plays.get("leases");
    if (refusal != null) {
      request.response().setStatusCode(refusal.status()).end(refusal.body());
      return;
    }
    leases.incrementAndGet();
    request
        .response()
        .setStatusCode(201)
        .end(
            new JsonObject()
                .put("leaseId", UUID.randomUUID().toString())
                .put("authorization", "Bearer " + leases.get())
                .putNull("expiresAt")
                .put("identity", identity)
                .put("account", ACCOUNT.orElseThrow())
                .encode());
  }
}
