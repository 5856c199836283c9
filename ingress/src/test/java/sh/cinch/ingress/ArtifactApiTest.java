package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.ARTIFACT;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.artifacts.ArtifactSettings;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.Bytes;
import sh.cinch.ingress.stack.Internal;
import sh.cinch.ingress.stack.LargeFile;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Sender;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.service.RunningService;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.ShiftedClock;

@OnStack
class ArtifactApiTest {

  private static final int MIB = (int) Stack.MIB;

  private final Stack stack;
  private final Api operator;
  private final String name = "acme/" + Stack.slug();
  private final String id;
  private final String path;

  ArtifactApiTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    this.id = connect(name);
    this.path = "/artifacts?repository=" + id;
  }

  @Test
  void fileIsStoredAndFetched() {
    Bytes file = Bytes.of(3 * MIB + 17);

    Reply stored = operator.put(path, file);

    assertThat(stored.status()).as(stored.body()).isEqualTo(201);
    assertThat(stored.json().getLong("size")).isEqualTo(file.size());
    assertThat(stored.json().getString("sha256")).isEqualTo(file.hex());
    assertThat(Instant.parse(stored.json().getString("expiresAt")))
        .isAfter(Instant.now().plus(Duration.ofDays(6)));
    Internal.Fetched fetched = worker().fetch(id, artifact(stored));
    assertThat(fetched.status()).isEqualTo(200);
    assertThat(fetched.header("content-length")).isEqualTo(String.valueOf(file.size()));
    assertThat(fetched.body()).isEqualTo(file.all());
  }

  @Test
  void emptyFileIsAFile() {
    Bytes file = Bytes.of(0);

    Reply stored = operator.put(path, file);

    assertThat(stored.status()).as(stored.body()).isEqualTo(201);
    assertThat(worker().fetch(id, artifact(stored)).body()).isEmpty();
    assertThat(operator.get(file.path(id)).json().getBoolean("complete")).isTrue();
  }

  @Test
  void repositoryIsNamedByItsFullNameToo() {
    Bytes file = Bytes.of(100);

    Reply stored =
        operator.put("/artifacts?repository=" + name.toUpperCase(java.util.Locale.ROOT), file);

    assertThat(stored.status()).isEqualTo(201);
    assertThat(operator.get(file.path(name)).json().getString("id")).isEqualTo(artifact(stored));
  }

  @Test
  void whatIsHereIsTold() {
    Bytes file = Bytes.of(1000);
    assertThat(operator.get(file.path(id)).status()).isEqualTo(404);
    Reply stored = operator.put(path, file);

    JsonObject told = operator.get(file.path(id)).json();

    assertThat(told).isEqualTo(stored.json().put("stored", file.size()).put("complete", true));
  }

  @Test
  void reprDigestIsUnderstoodToo() {
    Bytes file = Bytes.of(1000);

    Reply stored =
        operator.put(path, Map.of("Repr-Digest", "sha-256=:" + file.base64() + ":"), file.all());

    assertThat(stored.json().getString("sha256")).isEqualTo(file.hex());
  }

  @Test
  void senderIsAskedForTheBodyOnlyOnce() throws Exception {
    Bytes file = Bytes.of(100_000);
    Map<String, String> headers = file.headers();
    headers.put("Expect", "100-continue");

    try (Sender first = sender(headers)) {
      assertThat(first.answer()).startsWith("HTTP/1.1 100 ");
      first.send(file.all(), 0, -1);
      assertThat(first.answer()).startsWith("HTTP/1.1 201 ");
    }
    try (Sender second = sender(headers)) {
      String answer = second.answer();
      assertThat(answer).startsWith("HTTP/1.1 200 ").contains(file.hex());
      assertThat(answer).containsIgnoringCase("connection: close");
      assertThat(second.hasEnded()).isTrue();
    }
  }

  @Test
  void whatIsHereIsNotReadThoughItIsSent() {
    Bytes file = Bytes.of(MIB);
    Reply first = operator.put(path, file);

    Reply second = operator.put(path, file);

    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(200);
    assertThat(artifact(second)).isEqualTo(artifact(first));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8191, 8192, 8193, 1_000_000, 1_499_999})
  void uploadGoesOnWhereItBrokeOff(int sent) throws Exception {
    Bytes file = Bytes.of(1_500_000);
    breakOff(file, sent);

    JsonObject told = operator.get(file.path(id)).json();
    assertThat(told.getBoolean("complete")).isFalse();
    assertThat(told.getString("id")).isNull();
    Reply stored = operator.put(path, file.headersFrom(sent), file.from(sent));

    assertThat(stored.status()).as(stored.body()).isEqualTo(201);
    assertThat(worker().fetch(id, artifact(stored)).body()).isEqualTo(file.all());
  }

  @Test
  void uploadBreaksOffMoreThanOnce() throws Exception {
    Bytes file = Bytes.of(900_000);
    breakOff(file, 300_000);
    try (Sender sender = sender(file.headersFrom(300_000))) {
      sender.send(file.all(), 300_000, 600_000);
      awaitStored(file, 600_000);
    }
    awaitFree(file);

    Reply stored = operator.put(path, file.headersFrom(600_000), file.from(600_000));

    assertThat(stored.status()).as(stored.body()).isEqualTo(201);
    assertThat(worker().fetch(id, artifact(stored)).body()).isEqualTo(file.all());
  }

  @Test
  void uploadMayBeginAgain() throws Exception {
    Bytes file = Bytes.of(500_000);
    breakOff(file, 200_000);

    Reply stored = operator.put(path, file);

    assertThat(stored.status()).as(stored.body()).isEqualTo(201);
    assertThat(worker().fetch(id, artifact(stored)).body()).isEqualTo(file.all());
  }

  @Test
  void goingOnElsewhereIsRefusedWithTheRightPlace() throws Exception {
    Bytes file = Bytes.of(500_000);
    breakOff(file, 200_000);

    Reply refused = operator.put(path, file.headersFrom(300_000), file.from(300_000));

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
    assertThat(refused.json().getLong("stored")).isEqualTo(200_000);
    assertThat(refused.json().getLong("size")).isEqualTo(500_000);
    assertThat(operator.put(path, file.headersFrom(200_000), file.from(200_000)).status())
        .isEqualTo(201);
  }

  @Test
  void goingOnWithOtherBytesIsFoundOutInTheEnd() throws Exception {
    Bytes file = Bytes.of(500_000);
    breakOff(file, 200_000);

    Reply refused = operator.put(path, file.headersFrom(200_000), Bytes.of(300_000).all());

    assertThat(refused.status()).isEqualTo(422);
    assertThat(operator.get(file.path(id)).status()).isEqualTo(404);
  }

  @Test
  void otherBytesThanAnnouncedAreDropped() {
    Bytes file = Bytes.of(100_000);

    Reply refused = operator.put(path, Bytes.of(100_000).headers(), file.all());

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().getString("detail")).contains("digest");
    assertThat(operator.get(file.path(id)).status()).isEqualTo(404);
    assertThat(operator.put(path, file).status()).isEqualTo(201);
  }

  @Test
  void otherSizeThanWhatIsHereIsRefused() {
    Bytes file = Bytes.of(1000);
    operator.put(path, file);

    Reply refused = operator.put(path, file.headers(), new byte[999]);

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().getString("detail")).contains("1000").contains("999");
  }

  @Test
  void wrongSizeOfWhatBrokeOffDoesNoHarm() throws Exception {
    Bytes file = Bytes.of(100_000);
    Map<String, String> headers = file.headers();
    headers.put("Content-Length", "90000");
    try (Sender sender = sender(headers)) {
      sender.send(file.all(), 0, 50_000);
      String smaller = file.path(id).replace("size=100000", "size=90000");
      await().until(() -> operator.get(smaller).status() == 200);
    }

    await().untilAsserted(() -> assertThat(operator.put(path, file).status()).isEqualTo(201));
  }

  @Test
  void requestsThatAreNoneAreRefusedWithTheReason() {
    Bytes file = Bytes.of(100);
    String sha256 = "sha-256=" + file.base64();

    assertRefused("/artifacts", file.headers(), file.all(), 400, "?repository=");
    assertRefused(path, Map.of(), file.all(), 400, "Digest: sha-256=");
    assertRefused(path, Map.of("Digest", "md5=abc"), file.all(), 400, "Digest: sha-256=");
    assertRefused(path, Map.of("Digest", "sha-256=" + file.hex()), file.all(), 400, "not in hex");
    assertRefused(path, Map.of("Digest", "sha-256=a"), file.all(), 400, "base64");
    assertRefused(
        path,
        Map.of("Digest", sha256, "Repr-Digest", "sha-256=:" + Bytes.of(1).base64() + ":"),
        file.all(),
        400,
        "contradict");
    assertRefused(
        path, Map.of("Digest", sha256, "Content-Range", "bytes 0-1"), file.all(), 400, "bytes k-e");
    for (String range :
        new String[] {"bytes 10-99/100", "bytes 0-98/100", "bytes 1-100/101", "bytes 9-8/9"}) {
      assertRefused(
          path,
          Map.of("Digest", sha256, "Content-Range", range),
          range.startsWith("bytes 1-") ? file.from(1) : file.all(),
          400,
          "contradict");
    }
    assertRefused(
        path, Map.of("Digest", sha256, "Content-Encoding", "gzip"), file.all(), 415, "Encoding");
  }

  @Test
  void queryThatCannotBeReadIsRefused() throws Exception {
    try (Sender sender =
        new Sender(
            stack.url().getPort(),
            "/artifacts?repository=%zz",
            Stack.OPERATOR_TOKEN,
            Bytes.of(10).headers())) {
      assertThat(sender.answer()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void lengthIsNeeded() throws Exception {
    Map<String, String> headers = Bytes.of(10).headers();
    headers.remove("Content-Length");
    headers.put("Transfer-Encoding", "chunked");

    try (Sender sender = sender(headers)) {
      assertThat(sender.answer()).startsWith("HTTP/1.1 411 ").contains("Content-Length");
    }
  }

  @Test
  void badQuestionsAreRefused() {
    String sha256 = Bytes.of(1).hex();

    assertThat(operator.get("/artifacts?repository=" + id).status()).isEqualTo(400);
    assertThat(operator.get(path + "&sha256=" + sha256).status()).isEqualTo(400);
    assertThat(operator.get(path + "&size=1&sha256=abc").status()).isEqualTo(400);
    assertThat(operator.get(path + "&size=-1&sha256=" + sha256).status()).isEqualTo(400);
    assertThat(operator.get(path + "&size=99999999999999999999&sha256=" + sha256).status())
        .isEqualTo(400);
  }

  @Test
  void strangersAreNotRead() throws Exception {
    Map<String, String> headers = Bytes.of(10).headers();
    headers.put("Content-Length", "100000000");
    headers.put("Expect", "100-continue");

    try (Sender sender = new Sender(stack.url().getPort(), path, "", headers)) {
      assertThat(sender.answer()).startsWith("HTTP/1.1 401 ");
      assertThat(sender.hasEnded()).isTrue();
    }
    try (Sender sender = new Sender(stack.url().getPort(), path, "cinch_guessed", headers)) {
      assertThat(sender.answer()).startsWith("HTTP/1.1 401 ");
    }
  }

  @Test
  void runnerBringsFilesForItsRepositoriesAndNoOthers() {
    String otherName = "acme/" + Stack.slug();
    String other = connect(otherName);
    Api runner = stack.runner(id);
    Bytes file = Bytes.of(1000);
    operator.put("/artifacts?repository=" + other, file);

    assertThat(runner.put(path, file).status()).isEqualTo(201);
    Reply refused = runner.put("/artifacts?repository=" + other, file);
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.json())
        .isEqualTo(runner.put("/artifacts?repository=" + UUID.randomUUID(), file).json());
    assertThat(runner.put("/artifacts?repository=" + otherName, file).json())
        .isEqualTo(refused.json());
    assertThat(runner.put("/artifacts?repository=no/such", file).json()).isEqualTo(refused.json());
    assertThat(runner.get(file.path(other)).json()).isEqualTo(refused.json());
  }

  @Test
  void nobodyLearnsWhatAnotherRepositoryHas() {
    Bytes file = Bytes.of(1000);
    String other = connect("acme/" + Stack.slug());
    Reply others = operator.put("/artifacts?repository=" + other, file);

    assertThat(operator.get(file.path(id)).status()).isEqualTo(404);
    Reply own = operator.put(path, file);

    assertThat(own.status()).isEqualTo(201);
    assertThat(artifact(own)).isNotEqualTo(artifact(others));
    assertThat(worker().fetch(id, artifact(others)).status()).isEqualTo(404);
  }

  @Test
  void disconnectedRepositoryTakesNone() {
    operator.delete("/repositories/" + id);

    assertThat(operator.put(path, Bytes.of(10)).status()).isEqualTo(409);
  }

  @Test
  void tooMuchIsRefusedWithTheNumbers() throws Exception {
    try (RunningService small = stack.another(limits(3, 2), stack.context().clock())) {
      Api api = stack.operator(small.port());

      Reply tooLarge = api.put(path, Bytes.of(2 * MIB + 1));
      assertThat(tooLarge.status()).isEqualTo(413);
      assertThat(tooLarge.json().getString("detail"))
          .contains("2097153 bytes", "2 MiB", "CINCH_ARTIFACT_LARGEST_MIB");

      assertThat(api.put(path, Bytes.of(2 * MIB)).status()).isEqualTo(201);
      Reply overQuota = api.put(path, Bytes.of(2 * MIB));
      assertThat(overQuota.status()).isEqualTo(413);
      assertThat(overQuota.json().getString("detail"))
          .contains("2 MiB", "3 MiB", "CINCH_ARTIFACT_QUOTA_MIB");
      assertThat(api.put(path, Bytes.of(MIB)).status()).isEqualTo(201);
    }
  }

  @Test
  void quotaIsTakenWhenAnUploadBegins() throws Exception {
    try (RunningService small = stack.another(limits(3, 3), stack.context().clock())) {
      Api api = stack.operator(small.port());
      Bytes file = Bytes.of(2 * MIB);
      try (Sender sender = new Sender(small.port(), path, Stack.OPERATOR_TOKEN, file.headers())) {
        sender.send(file.all(), 0, 1);
        await().until(() -> operator.put(path, file).status() == 409);

        assertThat(api.put(path, Bytes.of(2 * MIB)).status()).isEqualTo(413);

        sender.send(file.all(), 1, -1);
        assertThat(sender.answer()).startsWith("HTTP/1.1 201 ");
      }
    }
  }

  @Test
  void noSpaceIsSaidBeforeTheBodyIsRead() throws Exception {
    try (RunningService huge =
        stack.another(limits(1_000_000, 1_000_000), stack.context().clock())) {
      Map<String, String> headers = Bytes.of(1).headers();
      headers.put("Content-Length", String.valueOf(1_000_000 * Stack.MIB));
      try (Sender sender = new Sender(huge.port(), path, Stack.OPERATOR_TOKEN, headers)) {
        assertThat(sender.answer()).startsWith("HTTP/1.1 507 ").contains("made room");
      }
    }
  }

  @Test
  void secondOfTwoAtOnceIsSentAway() throws Exception {
    Bytes file = Bytes.of(400_000);
    try (Sender first = sender(file.headers())) {
      first.send(file.all(), 0, 100_000);
      awaitStored(file, 100_000);

      Reply second = operator.put(path, file);

      assertThat(second.status()).isEqualTo(409);
      assertThat(second.header("retry-after")).isEqualTo("5");
      assertThat(second.json().getString("title")).isEqualTo("Being uploaded");
      first.send(file.all(), 100_000, -1);
      assertThat(first.answer()).startsWith("HTTP/1.1 201 ");
    }
  }

  @Test
  void uploadThatIsNotHeardOfMakesWayAndDoesNoHarmAfterwards() throws Exception {
    Bytes file = Bytes.of(600_000);
    ShiftedClock clock = new ShiftedClock();
    clock.advance(Duration.ofSeconds(31));
    try (Sender quiet = sender(file.headers());
        RunningService other = stack.another(stack.artifacts(), clock)) {
      quiet.send(file.all(), 0, 200_000);
      awaitStored(file, 200_000);
      Api api = stack.operator(other.port());
      try (Sender next =
          new Sender(other.port(), path, Stack.OPERATOR_TOKEN, file.headersFrom(200_000))) {
        next.send(file.all(), 200_000, 400_000);
        await().until(() -> api.get(file.path(id)).json().getLong("stored") == 400_000);

        quiet.send(Bytes.of(400_000).all(), 0, -1);
        assertThat(quiet.answer()).startsWith("HTTP/1.1 4");

        next.send(file.all(), 400_000, -1);
        String stored = next.answer();
        assertThat(stored).startsWith("HTTP/1.1 201 ");
        String artifact = new JsonObject(stored.substring(stored.indexOf('{'))).getString("id");
        assertThat(worker().fetch(id, artifact).body()).isEqualTo(file.all());
      }
    }
  }

  @Test
  void anotherInstanceGoesOnAfterARestart() throws Exception {
    Bytes file = Bytes.of(800_000);
    RunningService first = stack.another();
    try (Sender sender = new Sender(first.port(), path, Stack.OPERATOR_TOKEN, file.headers())) {
      sender.send(file.all(), 0, 500_000);
      awaitStored(file, 500_000);
    }
    first.close();
    awaitFree(file);

    Reply stored = operator.put(path, file.headersFrom(500_000), file.from(500_000));

    assertThat(stored.status()).as(stored.body()).isEqualTo(201);
    assertThat(worker().fetch(id, artifact(stored)).body()).isEqualTo(file.all());
  }

  @Test
  void fileExpiresAndBringingItAgainRenewsIt() throws Exception {
    Bytes renewed = Bytes.of(1000);
    Bytes left = Bytes.of(1000);
    String kept = artifact(operator.put(path, renewed));
    String gone = artifact(operator.put(path, left));
    ShiftedClock clock = new ShiftedClock();
    try (RunningService later = stack.another(stack.artifacts(), clock)) {
      Api api = stack.operator(later.port());
      clock.advance(Duration.ofDays(6));
      assertThat(api.put(path, renewed).status()).isEqualTo(200);
      clock.advance(Duration.ofDays(2));

      assertThat(worker(later.port()).fetch(id, kept).status()).isEqualTo(200);
      assertThat(worker(later.port()).fetch(id, gone).status()).isEqualTo(410);
      assertThat(api.get(left.path(id)).status()).isEqualTo(404);
    }
  }

  @Test
  void largeFileGoesThroughAndBack() throws Exception {
    LargeFile file = new LargeFile(Scale.of(40, 500));
    HttpRequest.Builder upload =
        HttpRequest.newBuilder(URI.create(stack.url() + "/api/v1" + path))
            .header("Digest", "sha-256=" + file.base64())
            .PUT(BodyPublishers.fromPublisher(file.publisher(), file.size()));

    Reply stored = operator.send(upload);

    assertThat(stored.status()).as(stored.body()).isEqualTo(201);
    try (InputStream fetched = worker().open(id, artifact(stored))) {
      assertThat(LargeFile.base64(fetched)).isEqualTo(file.base64());
    }
  }

  @Test
  void storedFileIsReleasedByItsRepositoryOnly() {
    Bytes file = Bytes.of(1000);
    String artifact = artifact(operator.put(path, file));
    stack.bitbucket().tag(name, "v1");
    String otherName = "acme/" + Stack.slug();
    String other = connect(otherName);
    stack.bitbucket().tag(otherName, "v1");

    assertThat(operator.post("/releases", release(id, artifact, file)).status()).isEqualTo(202);
    assertThat(operator.post("/releases", release(id, artifact, Bytes.of(1000))).status())
        .isEqualTo(422);
    assertThat(operator.post("/releases", release(other, artifact, file)).status()).isEqualTo(422);
  }

  private static JsonObject release(String repository, String artifact, Bytes file) {
    return new JsonObject()
        .put("repository", new JsonObject().put("id", repository))
        .put("tag", "v1")
        .put(
            "files",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("name", "app")
                        .put("source", "artifact:" + artifact)
                        .put("size", file.size())
                        .put("sha256", file.hex())));
  }

  @Test
  void onlyTheReleaseWorkerFetches() {
    String artifact = artifact(operator.put(path, Bytes.of(1000)));

    for (String secret : new String[] {"", "guessed", Stack.OPERATOR_TOKEN}) {
      Internal.Fetched refused = new Internal(stack.url().getPort(), secret).fetch(id, artifact);
      assertThat(refused.status()).as(secret).isEqualTo(401);
      assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
    }
    assertThat(worker().fetch(id, artifact).status()).isEqualTo(200);
  }

  @Test
  void nobodyFetchesWhereNoSecretIsSet() throws Exception {
    String artifact = artifact(operator.put(path, Bytes.of(1000)));
    ArtifactSettings is = stack.artifacts();
    ArtifactSettings without =
        new ArtifactSettings(
            is.folder(), is.lifetime(), is.quota(), is.largest(), Optional.empty());
    try (RunningService closed = stack.another(without, stack.context().clock())) {
      assertThat(worker(closed.port()).fetch(id, artifact).status()).isEqualTo(401);
      assertThat(new Internal(closed.port(), "").fetch(id, artifact).status()).isEqualTo(401);
    }
    assertThat(stack.log().lines()).anyMatch(line -> line.contains("CINCH_SERVICE_SECRETS"));
  }

  @Test
  void whatIsNotThereIsNotFetched() throws Exception {
    Bytes partial = Bytes.of(100_000);
    breakOff(partial, 50_000);

    assertThat(worker().fetch(id, UUID.randomUUID().toString()).status()).isEqualTo(404);
    assertThat(worker().fetch(id, "..%2F..%2Fetc").status()).isEqualTo(404);
    assertThat(worker().fetch("none", UUID.randomUUID().toString()).status()).isEqualTo(404);
  }

  private void assertRefused(
      String where, Map<String, String> headers, byte[] body, int status, String saying) {
    Reply refused = operator.put(where, headers, body);

    assertThat(refused.status()).as(headers + " " + refused.body()).isEqualTo(status);
    assertThat(refused.json().getString("detail")).as(headers.toString()).contains(saying);
  }

  /** Sends the beginning, sees it stored, and goes away. */
  private void breakOff(Bytes file, int sent) throws IOException {
    try (Sender sender = sender(file.headers())) {
      sender.send(file.all(), 0, sent);
      awaitStored(file, sent);
    }
    awaitFree(file);
  }

  private void awaitStored(Bytes file, long stored) {
    await()
        .until(
            () -> {
              Reply told = operator.get(file.path(id));
              return told.status() == 200 && told.json().getLong("stored") == stored;
            });
  }

  /** The server has noticed that the sender went away. */
  private void awaitFree(Bytes file) {
    await()
        .until(
            () ->
                !stack
                    .context()
                    .database()
                    .sql()
                    .fetchExists(
                        ARTIFACT,
                        ARTIFACT.SHA256.eq(file.hex()).and(ARTIFACT.CLAIMED_UNTIL.isNotNull())));
  }

  private ArtifactSettings limits(int quotaMib, int largestMib) {
    ArtifactSettings is = stack.artifacts();
    return new ArtifactSettings(
        is.folder(),
        is.lifetime(),
        quotaMib * Stack.MIB,
        largestMib * Stack.MIB,
        Optional.of(Secret.of(Stack.RELEASE_WORKER_SECRET)));
  }

  private Sender sender(Map<String, String> headers) throws IOException {
    return new Sender(stack.url().getPort(), path, Stack.OPERATOR_TOKEN, headers);
  }

  private Internal worker() {
    return worker(stack.url().getPort());
  }

  private static Internal worker(int port) {
    return new Internal(port, Stack.RELEASE_WORKER_SECRET);
  }

  private static String artifact(Reply reply) {
    return reply.json().getString("id");
  }

  private String connect(String fullName) {
    stack.bitbucket().repository(fullName);
    return stack.connect(fullName);
  }
}
