package sh.cinch.simulator.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.Receiver;
import sh.cinch.simulator.TestBitbucket;

/** Repositories that are real. */
class GitTest {
  private static final PersonIdent JO = new PersonIdent("Jo", "jo@example.com");

  private final TestBitbucket bitbucket = TestBitbucket.start();
  private final Path folder;

  GitTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void close() {
    bitbucket.close();
  }

  @Test
  void whatIsPushedByControlIsCloned() throws Exception {
    git("acme/app");
    String commit = bitbucket.commit("acme/app");
    String token = bitbucket.repositoryToken("acme/app", "repository");

    try (Git clone = clone("/acme/app.git", "x-token-auth", token)) {
      assertThat(clone.getRepository().resolve(Constants.HEAD).name()).isEqualTo(commit);
      assertThat(folder.resolve("clone/change.txt")).exists();
    }
  }

  @Test
  void whatIsPushedOverGitIsSeenByTheApiAndDelivered() throws Exception {
    git("acme/app");
    String token = bitbucket.repositoryToken("acme/app", "repository:write", "webhook");
    try (Receiver receiver = new Receiver(200);
        Git clone = clone("/acme/app.git", "x-token-auth", token)) {
      bitbucket.control(
          "POST",
          "/repositories/acme/app/hooks",
          "{\"url\":\"%s\",\"secret\":\"s\"}".formatted(receiver.url()));
      Files.writeString(folder.resolve("clone/README.md"), "Hello\n");
      clone.add().addFilepattern("README.md").call();
      String first = clone.commit().setMessage("First\n").setCommitter(JO).call().name();
      String second =
          clone.commit().setMessage("Second\n").setAllowEmpty(true).setCommitter(JO).call().name();
      clone.tag().setName("v1").setMessage("One\n").setTagger(JO).setSigned(false).call();

      clone
          .push()
          .setCredentialsProvider(as("x-token-auth", token))
          .add("HEAD:refs/heads/main")
          .add("v1")
          .call()
          .forEach(
              result ->
                  assertThat(result.getRemoteUpdates())
                      .allMatch(update -> update.getStatus() == RemoteRefUpdate.Status.OK));

      Answer heads = bitbucket.get("/repositories/acme/app/refs", token);
      assertThat(heads.body()).contains(second);
      assertThat(bitbucket.get("/repositories/acme/app/commit/" + first, token).status())
          .isEqualTo(200);
      await().atMost(Duration.ofMinutes(1)).until(() -> !receiver.received().isEmpty());
      assertThat(receiver.received().getFirst().body().toString())
          .contains(first, second, "\"name\":\"v1\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x-token-auth,200",
    "jo,401",
    "x-bitbucket-api-token-auth,401",
  })
  void aTokenGoesWithItsName(String name, int status) {
    git("acme/app");
    String token = bitbucket.repositoryToken("acme/app", "repository");

    Answer answer = refs("/acme/app.git", "git-upload-pack", TestBitbucket.basic(name, token));

    assertThat(answer.status()).isEqualTo(status);
    if (status == 401) {
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Basic realm=\"Bitbucket.org HTTP\"");
    }
  }

  @Test
  void anApiTokenAndAnOAuthTokenHaveTheirNames() {
    git("acme/app");
    bitbucket.control("PUT", "/users/jo", "{\"permissions\":{\"acme/app\":\"read\"}}");
    String token =
        bitbucket
            .control(
                "POST",
                "/users/jo/tokens",
                "{\"email\":\"jo@example.com\",\"scopes\":[\"read:repository:bitbucket\"]}")
            .text("/token");

    assertThat(status("/acme/app.git", "x-bitbucket-api-token-auth", token)).isEqualTo(200);
    assertThat(status("/acme/app.git", "jo@example.com", token)).isEqualTo(401);
    assertThat(status("/acme/app.git", "x-token-auth", bitbucket.ada())).isEqualTo(200);
  }

  @Test
  void aForeignTokenFindsNothingAndAReaderDoesNotWrite() {
    git("acme/app");
    git("acme/other");
    String other = bitbucket.repositoryToken("acme/other", "repository");

    assertThat(status("/acme/app.git", "x-token-auth", other)).isEqualTo(404);
    assertThat(status("/acme/other.git", "x-token-auth", other)).isEqualTo(200);
    assertThat(
            refs("/acme/other.git", "git-receive-pack", TestBitbucket.basic("x-token-auth", other))
                .status())
        .isEqualTo(403);
  }

  @Test
  void uuidsLeadThereTooAndStillDoAfterARename() {
    Answer made = git("acme/app");
    String path =
        "/%s/%s.git".formatted(encoded(made.text("/workspace/uuid")), encoded(made.text("/uuid")));
    String token = bitbucket.repositoryToken("acme/app", "repository");

    assertThat(status(path, "x-token-auth", token)).isEqualTo(200);
    bitbucket.control("POST", "/repositories/acme/app/rename", "{\"fullName\":\"acme/new\"}");

    assertThat(status(path, "x-token-auth", token)).isEqualTo(200);
    Answer old =
        refs("/acme/app.git", "git-upload-pack", TestBitbucket.basic("x-token-auth", token));
    assertThat(old.status()).isEqualTo(301);
    assertThat(old.header("Location"))
        .isEqualTo(bitbucket.url() + "/acme/new.git/info/refs?service=git-upload-pack");
  }

  @Test
  void oneThatHasCommitsOfNoGitCannotBecomeReal() {
    bitbucket.repository("acme/app");
    bitbucket.commit("acme/app");

    Answer answer = git("acme/app");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("git must be false");
  }

  @Test
  void itSurvivesARestartWhereTheStateDoes() throws Exception {
    Path state = folder.resolve("state.json");
    String commit;
    try (TestBitbucket kept = TestBitbucket.keptIn(state)) {
      kept.control("PUT", "/repositories/acme/app", "{\"git\":true}");
      commit = kept.commit("acme/app");
    }
    try (TestBitbucket again = TestBitbucket.keptIn(state)) {
      Answer refs =
          again.call(
              "GET",
              "/acme/app.git/info/refs?service=git-upload-pack",
              "",
              "Authorization",
              TestBitbucket.basic("x-token-auth", again.ada()));
      assertThat(refs.body()).contains(commit);
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2"})
  void gitItselfClonesShallowAndPartial(int version) throws Exception {
    git("acme/app");
    bitbucket.push("acme/app", "{\"ref\":\"refs/heads/main\",\"commits\":5}");
    String token = bitbucket.repositoryToken("acme/app", "repository");
    String address =
        bitbucket.url().replace("//", "//x-token-auth:" + token + "@") + "/acme/app.git";

    Optional<String> cloned =
        RealGit.run(
            folder,
            "-c",
            "protocol.version=" + version,
            "clone",
            "--depth=2",
            "--filter=blob:none",
            address,
            "real");
    assumeTrue(cloned.isPresent(), "git is not installed");

    assertThat(RealGit.run(folder.resolve("real"), "rev-list", "--count", "HEAD")).hasValue("2\n");
  }

  private Answer git(String fullName) {
    return bitbucket.control("PUT", "/repositories/" + fullName, "{\"git\":true}");
  }

  private int status(String path, String name, String token) {
    return refs(path, "git-upload-pack", TestBitbucket.basic(name, token)).status();
  }

  private Answer refs(String path, String service, String authorization) {
    return bitbucket.call(
        "GET", path + "/info/refs?service=" + service, "", "Authorization", authorization);
  }

  private Git clone(String path, String name, String token) throws Exception {
    return Git.cloneRepository()
        .setURI(bitbucket.url() + path)
        .setDirectory(folder.resolve("clone").toFile())
        .setCredentialsProvider(as(name, token))
        .call();
  }

  private static CredentialsProvider as(String name, String token) {
    return new UsernamePasswordCredentialsProvider(name, token);
  }

  private static String encoded(String uuid) {
    return uuid.replace("{", "%7B").replace("}", "%7D");
  }
}
