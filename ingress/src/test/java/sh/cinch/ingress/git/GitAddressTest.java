package sh.cinch.ingress.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.service.RunningService;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Reply;

/** Cloning with a token of Cinch's, and what else is tried at that address. */
@OnStack
class GitAddressTest {

  private static final String QUESTION = "application/x-git-upload-pack-request";

  private final Stack stack;
  private final Path folder;
  private final String name = "acme/" + Stack.slug();
  private final String commit;
  private final String id;
  private final String runner;
  private final String bitbucketToken;

  GitAddressTest(Stack stack, @TempDir Path folder) {
    this.stack = stack;
    this.folder = folder;
    stack.bitbucket().gitRepository(name);
    stack.bitbucket().push(name, List.of(Map.of("ref", "refs/heads/main", "commits", 5)));
    commit = stack.bitbucket().push(name, "refs/heads/main");
    bitbucketToken = stack.bitbucket().token(name, "repository", "webhook");
    stack.log().hide(bitbucketToken);
    id =
        stack
            .operator()
            .post(
                "/repositories",
                new JsonObject()
                    .put("forge", "bitbucket-cloud")
                    .put("fullName", name)
                    .put("token", bitbucketToken))
            .json()
            .getString("id");
    runner = stack.runner(id).token().orElseThrow();
  }

  @Test
  void aRunnersTokenClones() throws Exception {
    try (Git clone =
        Git.cloneRepository()
            .setURI(address())
            .setDirectory(folder.resolve("clone").toFile())
            .setCredentialsProvider(new UsernamePasswordCredentialsProvider("any", runner))
            .call()) {
      assertThat(clone.getRepository().resolve(Constants.HEAD).name()).isEqualTo(commit);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void gitItselfClonesAndFetchesAndSeesNothingOfBitbucket(int version) throws Exception {
    String protocol = "protocol.version=" + version;
    RealGit cloned =
        RealGit.run(
            folder,
            "-c",
            protocol,
            "clone",
            "--depth=1",
            "--filter=blob:none",
            withToken(runner),
            "clone");
    assertThat(cloned.exit()).as(cloned.said()).isZero();
    String next = stack.bitbucket().push(name, "refs/heads/main");

    RealGit fetched =
        RealGit.run(folder.resolve("clone"), "-c", protocol, "fetch", "--depth=3", "origin");

    assertThat(fetched.exit()).as(fetched.said()).isZero();
    assertThat(RealGit.run(folder.resolve("clone"), "rev-parse", "origin/main").said().strip())
        .endsWith(next);
    assertThat(cloned.said() + fetched.said())
        .doesNotContain("x-token-auth", bitbucketToken, encoded(bitbucketToken))
        .doesNotContainIgnoringCase("set-cookie");
    assertThat(Files.readString(folder.resolve("clone/.git/config")))
        .doesNotContain(":" + stack.bitbucket().port(), bitbucketToken);
  }

  @Test
  void aPushIsRefusedInWords() throws Exception {
    RealGit cloned = RealGit.run(folder, "clone", withToken(runner), "clone");
    assertThat(cloned.exit()).as(cloned.said()).isZero();

    RealGit pushed = RealGit.run(folder.resolve("clone"), "push", "origin", "HEAD:refs/heads/new");

    assertThat(pushed.exit()).isNotZero();
    assertThat(pushed.said()).contains("Cinch's git address is read-only");
    assertThat(post("/git/" + id + "/git-receive-pack", runner, "").statusCode()).isEqualTo(403);
  }

  @Test
  void nobodyElseIsLetIn() {
    String other = "acme/" + Stack.slug();
    stack.bitbucket().gitRepository(other);
    String foreign = stack.runner(stack.connect(other)).token().orElseThrow();

    Reply anonymous = Http.send("GET", address() + refs(), Map.of(), "");
    assertThat(anonymous.status()).isEqualTo(401);
    assertThat(anonymous.header("WWW-Authenticate")).isEqualTo("Basic realm=\"Cinch\"");
    assertThat(status("wrong")).isEqualTo(401);
    assertThat(status(bitbucketToken)).isEqualTo(401);
    assertThat(status(foreign)).isEqualTo(404);
    assertThat(status(runner)).isEqualTo(200);
    assertThat(status(Stack.OPERATOR_TOKEN)).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/info/refs?service=git-receive-pack,403",
    "GET,/info/refs,400",
    "GET,/info/refs?service=git-upload-pack&x=1,400",
    "PUT,/info/refs?service=git-upload-pack,405",
    "GET,/git-upload-pack,405",
    "GET,/objects/info/packs,404",
    "POST,/info/lfs/objects/batch,404",
    "GET,.git/info/refs?service=git-upload-pack,404",
  })
  void thereIsNothingElse(String method, String path, int status) {
    Reply reply = Http.send(method, address() + path, Map.of("Authorization", basic(runner)), "");
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.header("content-type")).startsWith("text/plain");
  }

  @Test
  void theAnswerHasNothingOfBitbucketsButTheTypeAndTheBytes() {
    Reply reply =
        Http.send(
            "GET",
            address() + refs(),
            Map.of("Authorization", basic(runner), "Git-Protocol", "version=2"),
            "");
    assertThat(reply.body()).contains("version 2");
    assertThat(reply.headers().map().keySet())
        .isSubsetOf(
            Set.of(
                "cache-control",
                "content-type",
                "transfer-encoding",
                "content-security-policy",
                "referrer-policy",
                "strict-transport-security",
                "x-content-type-options",
                "x-frame-options"));
  }

  @Test
  void aTokenThatBitbucketRefusesIsReportedAndAnotherTaken() {
    assertThat(status(runner)).isEqualTo(200);
    stack.bitbucket().revokeTokens(name);
    String used =
        stack
            .operator()
            .get("/repositories/" + id)
            .json()
            .getJsonObject("credential")
            .getString("id");
    FakeTokenService.Credential credential =
        stack
            .tokenService()
            .credential(UUID.fromString(used), stack.bitbucket().token(name, "repository"));

    assertThat(status(runner)).isEqualTo(200);
    assertThat(credential.rejections()).isPositive(); // also by others who look at the repository
  }

  @Test
  void whereNoTokenHelpsGitIsToldSoAndAsksForNoOther() {
    stack.bitbucket().revokeTokens(name);

    Reply reply = Http.send("GET", address() + refs(), Map.of("Authorization", basic(runner)), "");

    assertThat(reply.status()).isBetween(502, 503);
    assertThat(reply.headers().firstValue("www-authenticate")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "status,503,502",
    "status,302,502",
    "status,429,503",
    "reset,200,502",
  })
  void whatBitbucketCannotIsSaid(String kind, int answer, int status) {
    stack
        .bitbucket()
        .fault(
            kind.equals("reset")
                ? Map.of("kind", kind, "path", "*/info/refs", "times", 1)
                : Map.of("kind", kind, "status", answer, "path", "*/info/refs", "times", 1));

    Reply reply = Http.send("GET", address() + refs(), Map.of("Authorization", basic(runner)), "");

    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.body()).contains("Bitbucket");
    // Who is refused for asking too often does not ask at once again.
    assertThat(status(runner)).isEqualTo(answer == 429 ? 503 : 200);
  }

  @Test
  void aTokenThatEndsInTheMiddleDoesNotEndTheClone() throws Exception {
    large();
    String head = head();
    HttpResponse<InputStream> response =
        Http.send(
            question(runner)
                .POST(BodyPublishers.ofString("0032want %s\n00000009done\n".formatted(head))),
            BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    try (InputStream pack = response.body()) {
      assertThat(pack.readNBytes(100_000)).hasSize(100_000);
      stack.bitbucket().revokeTokens(name);
      String token =
          stack.operator().get("/tokens").json().getJsonArray("items").stream()
              .map(JsonObject.class::cast)
              .filter(each -> each.getJsonArray("repositories").contains(id))
              .findFirst()
              .orElseThrow()
              .getString("id");
      assertThat(stack.operator().delete("/tokens/" + token).status()).isEqualTo(204);
      assertThat(status(runner)).isEqualTo(401);

      // As many bytes as were pushed cannot be packed in fewer.
      assertThat((long) pack.readAllBytes().length).isGreaterThan(LARGE - 100_000);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aQuestionHasAtMostFourMebibytes(boolean isPacked) throws Exception {
    HttpRequest.Builder request = question(runner);
    if (isPacked) {
      request
          .header("Content-Encoding", "gzip")
          .POST(BodyPublishers.ofByteArray(packed(PackedBody.MOST + 1).getBytes()));
    } else {
      request.POST(BodyPublishers.ofByteArray(new byte[PackedBody.MOST + 1]));
    }

    HttpResponse<String> response = Http.send(request, BodyHandlers.ofString());

    assertThat(response.statusCode()).as(response.body()).isEqualTo(413);
  }

  @Test
  void itCanBeSwitchedOff() {
    try (RunningService without = stack.another(new GitSettings(0, 8, Duration.ofSeconds(1)))) {
      Reply reply =
          Http.send(
              "GET",
              "http://localhost:%d/git/%s%s".formatted(without.port(), id, refs()),
              Map.of("Authorization", basic(runner)),
              "");

      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.body()).contains("CINCH_GIT_AT_ONCE");
    }
  }

  @Test
  void aForgeThatFallsSilentIsNotWaitedFor() {
    try (RunningService impatient = stack.another(new GitSettings(4, 4, Duration.ofSeconds(1)))) {
      stack
          .bitbucket()
          .fault(Map.of("kind", "late-effect", "ms", 600_000, "path", "*/info/refs", "times", 1));

      Reply reply =
          Http.send(
              "GET",
              "http://localhost:%d/git/%s%s".formatted(impatient.port(), id, refs()),
              Map.of("Authorization", basic(runner)),
              "");

      assertThat(reply.status()).isEqualTo(502);
    }
  }

  @Test
  void itIsChargedToThePoolOfGit() {
    double before = made();
    assertThat(status(runner)).isEqualTo(200);
    assertThat(made()).isEqualTo(before + 1);
  }

  private double made() {
    return stack
        .context()
        .metrics()
        .counter("cinch.forge.requests", "pool", "git", "purpose", "clone")
        .count();
  }

  private static final int LARGE = 30_000_000;

  /** Nothing makes it smaller. */
  private void large() throws Exception {
    byte[] bytes = new byte[LARGE];
    new Random(1).nextBytes(bytes);
    String writing = stack.bitbucket().token(name, "repository:write");
    var provider = new UsernamePasswordCredentialsProvider("x-token-auth", writing);
    try (Git clone =
        Git.cloneRepository()
            .setURI(stack.bitbucket().gitUrl(name).toString())
            .setDirectory(folder.resolve("large").toFile())
            .setCredentialsProvider(provider)
            .call()) {
      Files.write(folder.resolve("large/large.bin"), bytes);
      clone.add().addFilepattern("large.bin").call();
      clone
          .commit()
          .setMessage("Large\n")
          .setAuthor("Jo", "jo@example.com")
          .setCommitter("Jo", "jo@example.com")
          .setSign(false)
          .call();
      clone.push().setCredentialsProvider(provider).add("HEAD:refs/heads/main").call();
    }
  }

  private String head() {
    String refs =
        Http.send("GET", address() + refs(), Map.of("Authorization", basic(runner)), "").body();
    return refs.replaceAll("(?s).*([0-9a-f]{40}) refs/heads/main.*", "$1");
  }

  private HttpRequest.Builder question(String token) {
    return HttpRequest.newBuilder(URI.create(address() + "/git-upload-pack"))
        .header("Authorization", basic(token))
        .header("Content-Type", QUESTION);
  }

  private HttpResponse<String> post(String path, String token, String body) {
    return Http.send(
        HttpRequest.newBuilder(URI.create(stack.url() + path))
            .header("Authorization", basic(token))
            .POST(BodyPublishers.ofString(body)),
        BodyHandlers.ofString());
  }

  private int status(String token) {
    return Http.send("GET", address() + refs(), Map.of("Authorization", basic(token)), "").status();
  }

  private static String refs() {
    return "/info/refs?service=git-upload-pack";
  }

  private String address() {
    return stack.url() + "/git/" + id;
  }

  private String withToken(String token) {
    return address().replace("//", "//runner:" + token + "@");
  }

  private static String basic(String token) {
    return "Basic " + Base64.getEncoder().encodeToString(("runner:" + token).getBytes(UTF_8));
  }

  /** As Bitbucket is shown it. */
  private static String encoded(String token) {
    return Base64.getEncoder().encodeToString(("x-token-auth:" + token).getBytes(UTF_8));
  }

  static Buffer packed(int size) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var packing = new GZIPOutputStream(bytes)) {
      packing.write(new byte[size]);
    }
    return Buffer.buffer(bytes.toByteArray());
  }
}
