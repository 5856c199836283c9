package sh.cinch.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static sh.cinch.database.ingress.Tables.PUSH_CONSUMER;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.topic.Topic;

/** The runners in {@code docs/runners}, as somebody would start them. */
@OnStack
class RunnerExamplesTest {

  private static final Path EXAMPLES = Path.of("..", "docs", "runners").toAbsolutePath();

  /** Good where it is the first build, which says what it built and what it knows. */
  private static final String COMMAND =
      """
      git rev-parse HEAD >> "$0/built"; env > "$0/environment"
      test $(wc -l < "$0/built") -lt 2
      """;

  /** Does not end, the first time. */
  private static final String STUCK =
      """
      echo begun >> "$0/begun"
      test $(wc -l < "$0/begun") -gt 1 || sleep 1000
      """;

  private final Stack stack;
  private final Path folder;
  private final String name = "acme/" + Stack.slug();
  private final String id;
  private final String token;
  private Optional<Process> runner = Optional.empty();

  RunnerExamplesTest(Stack stack, @TempDir Path folder) {
    this.stack = stack;
    this.folder = folder;
    stack.bitbucket().gitRepository(name);
    id = stack.connect(name);
    token = stack.runner(id).token().orElseThrow();
  }

  @AfterEach
  void stop() {
    kill();
  }

  @ParameterizedTest
  @CsvSource({"python3,runner.py", "node,runner.mjs"})
  void eachPushIsBuiltAndReportedAndNoBuildHasTheToken(String program, String example)
      throws IOException {
    start(program, example, COMMAND);
    awaitThatItListens();

    String first = stack.bitbucket().push(name, "refs/heads/main");
    await().until(() -> reported(first), List.of("running", "success")::equals);
    String second = stack.bitbucket().push(name, "refs/heads/main");
    await().until(() -> reported(second), List.of("running", "failure")::equals);

    assertThat(Files.readAllLines(folder.resolve("built"))).containsExactly(first, second);
    assertThat(Files.readString(folder.resolve("environment")))
        .contains("CINCH_COMMIT=" + second, "CINCH_REF=refs/heads/main", "CINCH_REPO=" + name)
        .doesNotContain(token);
  }

  @ParameterizedTest
  @CsvSource({"python3,runner.py", "node,runner.mjs"})
  void whatItWasBuildingWhenItWasKilledIsBuiltAtItsNextStart(String program, String example)
      throws IOException {
    start(program, example, STUCK);
    awaitThatItListens();
    String commit = stack.bitbucket().push(name, "refs/heads/main");
    await().until(() -> Files.exists(folder.resolve("begun")));
    kill();

    start(program, example, STUCK);

    await().until(() -> reported(commit), List.of("running", "running", "success")::equals);
  }

  private void start(String program, String example, String command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                program,
                EXAMPLES.resolve(example).toString(),
                "sh",
                "-c",
                command,
                folder.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    builder
        .environment()
        .putAll(Map.of("CINCH_INGRESS_URL", stack.url().toString(), "CINCH_API_TOKEN", token));
    try {
      runner = Optional.of(builder.start());
    } catch (IOException absent) {
      assumeTrue(false, program + " is not installed");
    }
  }

  /** A consumer that is new begins with what comes after its first question. */
  private void awaitThatItListens() {
    await()
        .until(
            () ->
                stack
                    .context()
                    .database()
                    .sql()
                    .fetchExists(
                        PUSH_CONSUMER, PUSH_CONSUMER.TOKEN_HASH.eq(DigestUtils.sha256(token))));
  }

  private List<String> reported(String commit) {
    return stack.records(Topic.BUILD_STATE, id + ":" + commit).stream()
        .map(record -> new JsonObject(new String(record.value(), UTF_8)).getString("state"))
        .toList();
  }

  /** With the build that it has started. */
  private void kill() {
    runner.ifPresent(
        process -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().onExit().join();
        });
  }
}
