package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.running.ReleaseEvents;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.event.ReleaseEvent.FileState;
import sh.cinch.schema.event.ReleaseEvent.State;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.RunningService;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.testkit.Reply;

@OnStack
class ReleaseApiTest {

  private static final String SHA256 = "ab".repeat(32);
  private static final String OTHER_COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final Stack stack;
  private final Api operator;
  private final String name = "acme/" + Stack.slug();
  private final String id;

  ReleaseApiTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    stack.bitbucket().repository(name);
    this.id = connect(name);
  }

  @AfterEach
  void mend() {
    stack.bitbucket().mend();
  }

  @Test
  void releaseBecomesARecordAndIsShownAtOnce() {
    String commit = stack.bitbucket().tag(name, "v1.0.0");

    Reply accepted = operator.post("/releases", release("v1.0.0"));
    String made = accepted.json().getString("id");
    JsonObject shown = operator.get("/releases/" + made).json();

    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.header("location")).isEqualTo("/api/v1/releases/" + made);
    assertThat(shown.getJsonObject("repository"))
        .isEqualTo(
            new JsonObject().put("id", id).put("forge", "bitbucket-cloud").put("fullName", name));
    assertThat(shown.getString("tag")).isEqualTo("v1.0.0");
    assertThat(shown.getString("commit")).isEqualTo(commit);
    assertThat(shown.getString("state")).isEqualTo("requested");
    assertThat(shown.fieldNames()).doesNotContain("version", "round", "reason", "waitingFor");
    assertThat(shown.getString("note")).isEqualTo(Words.RELEASES);
    assertThat(shown.getJsonArray("files").getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("name", "app")
                .put("download", "app")
                .put("size", 10)
                .put("sha256", SHA256)
                .put("state", "open")
                .put("attempts", 0)
                .put("warnings", new JsonArray()));
    assertThat(shown.getJsonArray("files").getJsonObject(1).getString("download"))
        .isEqualTo("v1.0.0-SHA256SUMS");
    Incoming record = records().getFirst();
    assertThat(record.eventId()).isEqualTo(made);
    assertThat(record.header("ce_type")).contains("sh.cinch.release-request");
    assertThat(record.header("ce_source")).contains("/cinch/ingress");
    assertThat(record.header("traceparent").orElseThrow())
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    assertThat(new JsonObject(new String(record.value(), StandardCharsets.UTF_8)))
        .isEqualTo(
            release("v1.0.0")
                .put("repository", new JsonObject().put("id", id))
                .put("commit", commit));
  }

  @Test
  void repositoryMayBeNamed() {
    stack.bitbucket().tag(name, "v1");

    Reply accepted =
        operator.post(
            "/releases",
            release("v1")
                .put(
                    "repository",
                    new JsonObject()
                        .put("forge", "bitbucket-cloud")
                        .put("fullName", name.replace("acme", "Acme"))));

    assertThat(accepted.status()).isEqualTo(202);
  }

  @Test
  void releaseIsShownAsItStands() {
    stack.bitbucket().tag(name, "v1");
    String made = operator.post("/releases", release("v1")).json().getString("id");
    ReleaseEvents events = new ReleaseEvents(UUID.fromString(id), made, "v1");
    stack.write(
        events.stands(
            3,
            State.SENDING,
            WaitingFor.BITBUCKET,
            List.of("app was replaced."),
            "the checksums wait",
            ReleaseEvents.file("app", FileState.DELIVERED, null, "It was tried twice."),
            ReleaseEvents.file("v1-SHA256SUMS", FileState.OPEN, "Bitbucket is away")));

    await()
        .untilAsserted(
            () ->
                assertThat(operator.get("/releases/" + made).json().getString("state"))
                    .isEqualTo("sending"));
    JsonObject shown = operator.get("/releases/" + made).json();
    assertThat(shown.remove("note")).isEqualTo(Words.RELEASES);
    assertThat(shown)
        .isEqualTo(
            new JsonObject(
                """
                {"id":"%s","repository":{"id":"%s","forge":"bitbucket-cloud","fullName":"%s"},
                 "tag":"v1","commit":"%s","version":3,"round":1,"state":"sending",
                 "waitingFor":"bitbucket","nextTryAt":"2020-11-23T15:01:30Z",
                 "reason":"the checksums wait","warnings":["app was replaced."],
                 "files":[{"name":"app","download":"app","size":10,"sha256":"%s",
                           "state":"delivered","httpStatus":201,"attempts":2,
                           "warnings":["It was tried twice."],
                           "url":"https://bitbucket.org/acme/app/downloads/app"},
                          {"name":"v1-SHA256SUMS","download":"v1-SHA256SUMS","size":10,
                           "sha256":"%s","state":"open","httpStatus":201,"attempts":2,
                           "reason":"Bitbucket is away","warnings":[]}],
                 "requestedAt":"2020-11-23T15:00:00Z","updatedAt":"2020-11-23T15:00:03Z"}
                """
                    .formatted(made, id, name, ReleaseEvents.COMMIT, SHA256, SHA256)));
    assertThat(
            operator
                .get("/repositories/" + id + "/releases")
                .json()
                .getJsonArray("items")
                .getJsonObject(0))
        .isEqualTo(shown);
  }

  @Test
  void releasesArePagedNewestFirst() {
    stack.bitbucket().tag(name, "v1");
    String first = operator.post("/releases", release("v1")).json().getString("id");
    String second = operator.post("/releases", release("v1")).json().getString("id");

    JsonObject page = operator.get("/repositories/" + id + "/releases?limit=1").json();
    JsonObject next =
        operator
            .get("/repositories/" + id + "/releases?limit=1&cursor=" + page.getString("next"))
            .json();

    assertThat(page.getJsonArray("items").getJsonObject(0).getString("id")).isEqualTo(second);
    assertThat(next.getJsonArray("items").getJsonObject(0).getString("id")).isEqualTo(first);
    assertThat(next.containsKey("next")).isFalse();
    assertThat(operator.get("/repositories/" + id + "/releases?cursor=x").status()).isEqualTo(400);
  }

  @Test
  void sameKeyIsTheSameRelease() {
    stack.bitbucket().tag(name, "v1");
    Map<String, String> key = Map.of("Idempotency-Key", "build-412");

    Reply first = post(release("v1"), key);
    Reply again = post(release("v1"), key);
    Reply other = post(release("v1"), Map.of("Idempotency-Key", "build-413"));

    assertThat(first.status()).isEqualTo(202);
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(other.json()).isNotEqualTo(first.json());
    assertThat(records()).extracting(Incoming::eventId).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void keyOfAnotherReleaseIsRefused() {
    stack.bitbucket().tag(name, "v1");
    Map<String, String> key = Map.of("Idempotency-Key", "build-412");
    post(release("v1"), key);

    assertThat(post(release("v2"), key).status()).isEqualTo(422);
    assertThat(post(file(file -> file.put("size", 11)), key).status()).isEqualTo(422);
    for (JsonObject options :
        List.of(
            new JsonObject().put("name", "{tag}-{name}"),
            new JsonObject().put("checksums", false))) {
      Reply refused = post(release("v1").put("options", options), key);
      assertThat(refused.status()).as("%s", options).isEqualTo(422);
      assertThat(refused.json().getString("detail")).contains("send another key");
    }
    assertThat(post(release("v1").put("commit", OTHER_COMMIT), key).status()).isEqualTo(422);
    assertThat(
            post(release("v1").put("options", new JsonObject().put("name", "{name}")), key)
                .status())
        .isEqualTo(202);
    assertThat(post(release("v1"), Map.of("Idempotency-Key", "x".repeat(201))).status())
        .isEqualTo(400);
    assertThat(records()).hasSize(1);
  }

  @Test
  void sameKeyInAnotherRepositoryIsAnotherRelease() {
    stack.bitbucket().tag(name, "v1");
    String otherName = "acme/" + Stack.slug();
    stack.bitbucket().repository(otherName);
    String otherId = connect(otherName);
    stack.bitbucket().tag(otherName, "v1");
    Map<String, String> key = Map.of("Idempotency-Key", "build-412");

    Reply first = post(release("v1"), key);
    Reply other = post(release("v1").put("repository", new JsonObject().put("id", otherId)), key);

    assertThat(other.status()).isEqualTo(202);
    assertThat(other.json()).isNotEqualTo(first.json());
  }

  @Test
  void tagThatIsNotThereIsToBePushedFirst() {
    Reply refused = operator.post("/releases", release("v9"));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().getString("detail")).contains("'v9'").contains("push the tag first");
    assertThat(records()).isEmpty();
  }

  @Test
  void tagWithASlashIsFoundWhetherOrNotBitbucketTakesOneInAnAddress() {
    String commit = stack.bitbucket().tag(name, "app/v1");
    stack
        .bitbucket()
        .fault(
            new JsonObject()
                .put("method", "GET")
                .put("path", "/2.0/repositories/**/refs/tags/app*")
                .put("kind", "status")
                .put("status", 404)
                .put("times", 1));

    Reply tried = operator.post("/releases?dryRun=true", release("app/v1"));
    Reply missing = operator.post("/releases?dryRun=true", release("app/v2"));

    assertThat(tried.status()).isEqualTo(200);
    assertThat(tried.json().getString("commit")).isEqualTo(commit);
    assertThat(missing.status()).isEqualTo(422);
  }

  @Test
  void outageIsNoMissingTag() {
    stack.bitbucket().tag(name, "v1");
    stack
        .bitbucket()
        .fault(
            new JsonObject()
                .put("method", "GET")
                .put("path", "/2.0/repositories/**")
                .put("kind", "status")
                .put("status", 404));

    Reply refused = operator.post("/releases", release("v1"));

    assertThat(refused.json().getString("detail"))
        .contains("The repository could not be looked up")
        .doesNotContain("push");
  }

  @Test
  void commitMustBeTheTags() {
    String commit = stack.bitbucket().tag(name, "v1");

    Reply refused = operator.post("/releases", release("v1").put("commit", OTHER_COMMIT));
    Reply accepted = operator.post("/releases", release("v1").put("commit", commit));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().getString("detail"))
        .contains("'v1' points to " + commit)
        .contains("not to " + OTHER_COMMIT);
    assertThat(accepted.status()).isEqualTo(202);
  }

  @Test
  void hashesMayHaveCapitals() {
    String commit = stack.bitbucket().tag(name, "v1");
    JsonObject release = file(file -> file.put("sha256", SHA256.toUpperCase(Locale.ROOT)));

    Reply accepted =
        operator.post("/releases", release.put("commit", commit.toUpperCase(Locale.ROOT)));

    assertThat(accepted.status()).isEqualTo(202);
    assertThat(new String(records().getFirst().value(), StandardCharsets.UTF_8))
        .contains(commit, SHA256);
  }

  @Test
  void dryRunOfAFirstReleaseWarnsOfNothing() {
    String commit = stack.bitbucket().tag(name, "v1");
    JsonObject release = release("v1");
    release.getJsonArray("files").getJsonObject(0).remove("source");

    Reply tried = operator.post("/releases?dryRun=true", release);

    assertThat(tried.status()).isEqualTo(200);
    assertThat(tried.json())
        .isEqualTo(
            new JsonObject()
                .put(
                    "repository",
                    new JsonObject()
                        .put("id", id)
                        .put("forge", "bitbucket-cloud")
                        .put("fullName", name))
                .put("tag", "v1")
                .put("commit", commit)
                .put(
                    "files",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("name", "app")
                                .put("download", "app")
                                .put("size", 10)))
                .put("checksums", "v1-SHA256SUMS")
                .put("warnings", new JsonArray())
                .put("note", Words.RELEASES));
    assertThat(records()).isEmpty();
    assertThat(operator.get("/repositories/" + id + "/releases").json().getJsonArray("items"))
        .isEmpty();
  }

  @Test
  void dryRunSaysWhatItWouldReplaceAndRename() {
    stack.bitbucket().tag(name, "v1");
    stack.bitbucket().upload(name, "my_app", "four");
    stack.bitbucket().upload(name, "v1-SHA256SUMS", "sums");
    stack.bitbucket().upload(name, "other", "stays");

    JsonObject tried =
        operator.post("/releases?dryRun=true", file(file -> file.put("name", "my app"))).json();

    JsonObject file = tried.getJsonArray("files").getJsonObject(0);
    assertThat(file.getString("download")).isEqualTo("my_app");
    assertThat(file.getJsonObject("replaces").getInteger("size")).isEqualTo(4);
    String createdOn = file.getJsonObject("replaces").getString("createdOn");
    assertThat(Instant.parse(createdOn)).isBefore(Instant.now().plusSeconds(60));
    assertThat(tried.getJsonArray("warnings").stream().map(String::valueOf))
        .satisfiesExactly(
            renamed -> assertThat(renamed).contains("'my app' will be called my_app"),
            replaced ->
                assertThat(replaced)
                    .contains("my_app is in the downloads already")
                    .contains("4 bytes")
                    .contains(createdOn),
            sums -> assertThat(sums).contains("v1-SHA256SUMS"));
  }

  @Test
  void dryRunsThatHaveSpentTheirShareStopNoRelease() {
    stack.bitbucket().tag(name, "v1");
    try (RunningService counting = stack.another(stack.artifacts(), 20, stack.context().clock())) {
      Api there = stack.operator(counting.port());
      Reply tried = there.post("/releases?dryRun=true", release("v1"));
      for (int i = 0; i < 3; i++) {
        tried = there.post("/releases?dryRun=true", release("v1"));
      }
      assertThat(tried.status()).isEqualTo(503);
      assertThat(tried.body()).contains("dry runs of a repository's releases");

      assertThat(there.post("/releases", release("v1")).status()).isEqualTo(202);
    }
  }

  @Test
  void dryRunNeedsNoChecksums() {
    stack.bitbucket().tag(name, "v1");

    JsonObject tried =
        operator
            .post(
                "/releases?dryRun=true",
                release("v1")
                    .put(
                        "options",
                        new JsonObject().put("checksums", false).put("name", "{tag}-{name}")))
            .json();

    assertThat(tried.containsKey("checksums")).isFalse();
    assertThat(tried.getJsonArray("files").getJsonObject(0).getString("download"))
        .isEqualTo("v1-app");
  }

  @Test
  void namesThatCannotBeHadAreRefused() {
    JsonObject twice = release("v1");
    twice.getJsonArray("files").add(twice.getJsonArray("files").getJsonObject(0).copy());

    Reply refused = operator.post("/releases", twice);
    Reply pattern =
        operator.post(
            "/releases", release("v1").put("options", new JsonObject().put("name", "{date}")));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().getString("detail")).contains("would both be called app");
    assertThat(pattern.status()).isEqualTo(422);
    assertThat(pattern.json().getString("detail")).contains("{date}");
  }

  @Test
  void artifactThatIsNotStoredIsToBeUploadedAgain() {
    stack.bitbucket().tag(name, "v1");

    Reply refused =
        operator.post(
            "/releases", file(file -> file.put("source", "artifact:" + UUID.randomUUID())));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().getString("detail")).contains("'app'").contains("Upload it again");
    assertThat(records()).isEmpty();
  }

  @Test
  void malformedReleasesAreRefusedWithTheReason() {
    assertRefused("{", "JSON");
    assertRefused("[]", "object");
    assertRefused(without("repository"), "'repository' is missing");
    assertRefused(release("v1").put("repository", new JsonObject()), "repository");
    assertRefused(
        release("v1").put("repository", new JsonObject().put("id", "seven")),
        "'repository.id' is 'seven'");
    assertRefused(without("tag"), "'tag' is missing");
    assertRefused(release(" "), "'tag' is empty");
    assertRefused(release(".."), "'tag'");
    assertRefused(release("v\n1"), "'tag' contains a character");
    assertRefused(release("v".repeat(251)), "'tag' is longer than 250");
    assertRefused(release("v1").put("commit", "abc"), "'commit'");
    assertRefused(release("v1").put("options", "none"), "object");
    assertRefused(
        release("v1").put("options", new JsonObject().put("checksums", "perhaps")),
        "true or false is expected");
    assertRefused(without("files"), "'files' is missing");
    assertRefused(release("v1").put("files", new JsonArray()), "'files' is empty");
    assertRefused(
        release("v1").put("files", new JsonObject()),
        "'files' has the wrong type: a list is expected");
    assertRefused(release("v1").put("files", new JsonArray().add("app")), "object");
    assertRefused(file(file -> file.remove("name")), "'files.name' is missing");
    assertRefused(file(file -> file.put("name", "")), "'files.name' is empty");
    assertRefused(file(file -> file.put("name", "a\0b")), "'files.name' contains a character");
    assertRefused(
        file(file -> file.put("name", "n".repeat(256))), "'files.name' is longer than 255");
    assertRefused(file(file -> file.remove("source")), "'files.source' is missing");
    assertRefused(file(file -> file.put("source", "artifact:7")), "'files.source' of 'app'");
    assertRefused(file(file -> file.put("source", "artifact:none-yet")), "'files.source' of 'app'");
    assertRefused(file(file -> file.put("source", "file:///etc/passwd")), "'files.source'");
    assertRefused(file(file -> file.put("source", "https:///app")), "'files.source'");
    assertRefused(file(file -> file.remove("size")), "'files.size' is missing");
    assertRefused(file(file -> file.put("size", -1)), "'files.size' is negative");
    assertRefused(file(file -> file.put("size", "big")), "size");
    assertRefused(file(file -> file.remove("sha256")), "'files.sha256' is missing");
    assertRefused(file(file -> file.put("sha256", "ab")), "'files.sha256' is not a SHA-256");
    assertThat(operator.send("POST", "/releases?dryRun=perhaps", release("v1").encode()).status())
        .isEqualTo(400);
    assertThat(records()).isEmpty();
  }

  @Test
  void passwordInAnAddressIsRefusedAndNotRepeated() {
    stack.log().hide("hunter22");

    Reply refused =
        operator.post(
            "/releases", file(file -> file.put("source", "https://me:hunter22@example.com/app")));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).doesNotContain("hunter22");
  }

  @Test
  void disconnectedRepositoryTakesNone() {
    operator.delete("/repositories/" + id);

    assertThat(operator.post("/releases", release("v1")).status()).isEqualTo(409);
    assertThat(operator.post("/releases?dryRun=true", release("v1")).status()).isEqualTo(409);
  }

  @Test
  void unknownRepositoryIsNotFound() {
    JsonObject byId = new JsonObject().put("id", UUID.randomUUID().toString());
    JsonObject byName = new JsonObject().put("forge", "bitbucket-cloud").put("fullName", "a/b");

    assertThat(operator.post("/releases", release("v1").put("repository", byId)).status())
        .isEqualTo(404);
    assertThat(operator.post("/releases", release("v1").put("repository", byName)).status())
        .isEqualTo(404);
    assertThat(operator.get("/releases/" + UUID.randomUUID()).status()).isEqualTo(404);
    assertThat(operator.get("/releases/" + "x".repeat(5_000)).status()).isEqualTo(400);
  }

  @Test
  void runnerReleasesToItsRepositoriesAndNoOthers() {
    stack.bitbucket().tag(name, "v1");
    String otherName = "acme/" + Stack.slug();
    stack.bitbucket().repository(otherName);
    Api runner = stack.runner(id);
    Api other = stack.runner(connect(otherName));

    Reply accepted = runner.post("/releases", release("v1"));
    String made = accepted.json().getString("id");

    assertThat(accepted.status()).isEqualTo(202);
    assertThat(runner.get("/releases/" + made).status()).isEqualTo(200);
    assertThat(other.post("/releases", release("v1")).status()).isEqualTo(404);
    assertThat(other.post("/releases?dryRun=true", release("v1")).status()).isEqualTo(404);
    assertThat(other.get("/releases/" + made).status()).isEqualTo(404);
    assertThat(other.get("/releases/" + made).body())
        .isEqualTo(other.get("/releases/" + UUID.randomUUID()).body());
    assertThat(other.get("/repositories/" + id + "/releases").status()).isEqualTo(404);
    assertThat(stack.anonymous().get("/releases/" + made).status()).isEqualTo(401);
    assertThat(stack.anonymous().post("/releases", release("v1")).status()).isEqualTo(401);
  }

  @Test
  void peopleWhoDoNotAdministerMayLookOnly() {
    stack.bitbucket().tag(name, "v1");
    String made = operator.post("/releases", release("v1")).json().getString("id");
    String reader = "reader-" + Stack.slug();
    stack.bitbucket().person(reader, name, "write");
    Browser browser = stack.browser();
    browser.signIn(reader);
    Browser ada = stack.browser();
    ada.signIn("ada");

    assertThat(browser.get("/api/v1/releases/" + made).status()).isEqualTo(200);
    assertThat(post(browser).status()).isEqualTo(403);
    assertThat(post(ada).status()).isEqualTo(202);
  }

  private Reply post(Browser browser) {
    Api session = new Api(stack.url(), Optional.empty(), stack.log());
    return session.send(
        "POST",
        "/releases",
        release("v1").encode(),
        Map.of(
            "cookie",
            browser.cookies().stream()
                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .reduce((one, two) -> one + "; " + two)
                .orElseThrow(),
            "X-Form-Token",
            browser.formToken()));
  }

  private void assertRefused(JsonObject body, String saying) {
    assertRefused(body.encode(), saying);
  }

  private void assertRefused(String body, String saying) {
    Reply refused = operator.send("POST", "/releases", body);

    assertThat(refused.status()).as(body).isEqualTo(400);
    assertThat(refused.json().getString("detail")).as(body).contains(saying);
  }

  private Reply post(JsonObject body, Map<String, String> headers) {
    return operator.send("POST", "/releases", body.encode(), headers);
  }

  private JsonObject release(String tag) {
    return new JsonObject()
        .put("repository", new JsonObject().put("id", id))
        .put("tag", tag)
        .put(
            "files",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("name", "app")
                        .put("source", "https://runner.example/app")
                        .put("size", 10)
                        .put("sha256", SHA256)));
  }

  private JsonObject file(Consumer<JsonObject> change) {
    JsonObject release = release("v1");
    change.accept(release.getJsonArray("files").getJsonObject(0));
    return release;
  }

  private JsonObject without(String field) {
    JsonObject release = release("v1");
    release.remove(field);
    return release;
  }

  private List<Incoming> records() {
    return stack.records(Topic.RELEASE_REQUEST, id);
  }

  private String connect(String fullName) {
    return operator
        .post(
            "/repositories",
            new JsonObject()
                .put("forge", "bitbucket-cloud")
                .put("fullName", fullName)
                .put(
                    "token",
                    stack.bitbucket().token(fullName, "repository:write", "repository", "webhook")))
        .json()
        .getString("id");
  }
}
