package sh.cinch.cli.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.cli.Main;
import sh.cinch.cli.release.FakeIngress.Instead;

/** The command as a process of its own, as {@code ./cinch release} starts it in a build. */
class ReleaseProcessTest {

  private static final long LARGE = 80L << 20;

  /** A JVM starts in it also where the machine has much else to do. */
  private static final Duration BUSY = Duration.ofMinutes(1);

  private FakeIngress ingress;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws Exception {
    ingress = new FakeIngress();
    Files.writeString(folder.resolve("app"), "app");
  }

  @AfterEach
  void stop() {
    ingress.close();
  }

  @Test
  void theEnvironmentSaysAllOfItAndNoCredentialIsShown() throws Exception {
    Process build = build("--json", "ap*");
    assertThat(build.waitFor()).as(() -> err()).isZero();
    JsonNode release = new ObjectMapper().readTree(folder.resolve("out").toFile());
    assertThat(release.path("state").asText()).isEqualTo("delivered");
    assertThat(ingress.released.getFirst().path("commit").asText()).isEqualTo("c3".repeat(20));
    assertThat(err()).doesNotContain("s3cret", FakeIngress.TOKEN, "\033");
  }

  @Test
  void muchMoreThanTheHeapFitsThrough() throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
      file.setLength(LARGE);
    }
    ingress.cuts.add(LARGE / 4);
    Process build = build("large");
    assertThat(build.waitFor()).as(() -> err()).isZero();
    assertThat(ingress.puts)
        .extracting(FakeIngress.Put::received)
        .containsExactly(LARGE / 4, LARGE - LARGE / 4);
  }

  @Test
  void brokenOffWhileSendingItSaysHowToGoOn() throws Exception {
    ingress.instead(
        "GET /artifacts",
        Collections.nCopies(8, new Instead(503, Map.of("Retry-After", "60"), "{}"))
            .toArray(Instead[]::new));
    Process build = build("app");
    await().atMost(BUSY).until(() -> ingress.count("GET /artifacts") > 0);
    build.destroy();
    assertThat(build.waitFor()).isNotZero();
    assertThat(err()).contains("Interrupted. Nothing is broken: run the same command again.");

    ingress.instead.clear();
    assertThat(build("app").waitFor()).as(() -> err()).isZero();
  }

  @Test
  void brokenOffWhileWaitingItSaysThatTheReleaseGoesOn() throws Exception {
    ingress.views.add(view -> view.put("state", "sending"));
    Process build = build("app");
    await().atMost(BUSY).until(() -> ingress.count("GET /releases/rel-1") > 0);
    build.destroy();
    assertThat(build.waitFor()).isNotZero();
    assertThat(err())
        .contains("Interrupted. Release rel-1 was requested and goes on without this command.");
  }

  private Process build(String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "release"));
    command.addAll(List.of(more));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "CINCH_FORGE",
                "bitbucket",
                "CINCH_REPO",
                "https://jo:s3cret@bitbucket.org/acme/app.git",
                "CINCH_TAG",
                "refs/tags/v1",
                "CINCH_COMMIT",
                "c3".repeat(20),
                "CINCH_INGRESS_URL",
                ingress.url(),
                "CINCH_API_TOKEN",
                FakeIngress.TOKEN));
    return builder.start();
  }

  private String err() {
    try {
      return Files.readString(folder.resolve("err"), UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
