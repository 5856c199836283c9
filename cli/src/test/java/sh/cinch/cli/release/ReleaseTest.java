package sh.cinch.cli.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static sh.cinch.cli.release.FakeIngress.Instead.problem;
import static sh.cinch.cli.release.FakeIngress.sha256;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sh.cinch.cli.Main;
import sh.cinch.cli.release.FakeIngress.Instead;
import sh.cinch.cli.server.Refusal;
import sh.cinch.cli.server.ServerOptions;

/** What a build runs, what Cinch is sent, what the build's log shows. */
class ReleaseTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MIB = 1024 * 1024;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final QuickSleeper sleeper = new QuickSleeper();
  private FakeIngress ingress;
  @TempDir private Path folder;
  private Path stack;
  private Path linux;
  private Path darwin;

  @BeforeEach
  void start() throws Exception {
    ingress = new FakeIngress();
    stack =
        Files.writeString(
            folder.resolve("stack.json"),
            "{\"ingress\":\"%s\",\"apiToken\":\"%s\"}".formatted(ingress.url(), FakeIngress.TOKEN));
    Files.createDirectory(folder.resolve("dist"));
    linux = Files.writeString(folder.resolve("dist/app-linux"), "for linux");
    darwin = Files.writeString(folder.resolve("dist/app-darwin"), "for darwin");
  }

  @AfterEach
  void stop() {
    ingress.close();
  }

  @Test
  void filesBecomeDownloads() {
    assertThat(release(folder + "/dist/*")).isZero();

    assertThat(ingress.released)
        .singleElement()
        .isEqualTo(
            json(
                """
                {"repository":{"id":"r-1"},"tag":"v1","commit":"%s",
                 "options":{"name":"{name}","checksums":true},
                 "files":[{"name":"app-darwin","size":10,"sha256":"%s","source":"artifact:a-%s"},
                          {"name":"app-linux","size":9,"sha256":"%s","source":"artifact:a-%s"}]}
                """
                    .formatted(
                        FakeIngress.COMMIT,
                        sha256("for darwin"),
                        sha256("for darwin").substring(0, 8),
                        sha256("for linux"),
                        sha256("for linux").substring(0, 8))));
    assertThat(ingress.requests.getFirst()).isEqualTo("POST /releases?dryRun=true");
    assertThat(ingress.puts)
        .extracting(FakeIngress.Put::length)
        .containsExactlyInAnyOrder("9", "10");
    assertThat(out.toString())
        .isEqualTo(
            """
            Released v1 of acme/app:
              app-darwin  https://bitbucket.org/acme/app/downloads/app-darwin
              app-linux   https://bitbucket.org/acme/app/downloads/app-linux

            %s
            """
                .formatted(ReleaseText.NOTE));
    assertThat(err.toString()).contains("app-darwin        10 B  new", "app-linux  delivered");
  }

  @Test
  void whatIsReplacedIsSaidBeforeAnythingIsSent() {
    ingress.plan =
        plan -> {
          ((ObjectNode) plan.path("files").get(0))
              .put("download", "v1-app-linux")
              .putObject("replaces")
              .put("size", 2 * MIB)
              .put("createdOn", "2026-11-20T14:03:00+00:00");
          plan.withArray("warnings").add("The tag moved a minute ago.");
          return plan;
        };
    AtomicReference<String> saidBefore = new AtomicReference<>();
    ingress.whenBytesCome = () -> saidBefore.compareAndSet(null, err.toString());
    assertThat(release("--name", "{tag}-{name}", linux.toString())).isZero();
    assertThat(saidBefore.get())
        .contains(
            "v1-app-linux         9 B  REPLACES what is there, 2.0 MiB of 2026-11-20, from"
                + " app-linux",
            "v1-SHA256SUMS  their checksums",
            "warning  The tag moved a minute ago.");
    assertThat(ingress.released.getFirst().path("options").path("name").asText())
        .isEqualTo("{tag}-{name}");
  }

  @Test
  void aDryRunSendsNothing() {
    assertThat(release("--dry-run", linux.toString())).isZero();
    assertThat(ingress.requests).containsExactly("POST /releases?dryRun=true");
    assertThat(out.toString()).contains("v1 of acme/app", "app-linux", "nothing was sent");
  }

  @Test
  void aDryRunAsJsonIsThePlan() {
    assertThat(release("--dry-run", "--json", "--no-checksums", linux.toString())).isZero();
    assertThat(json(out.toString()))
        .isEqualTo(
            json(
                """
                {"repository":{"id":"r-1","forge":"bitbucket-cloud","fullName":"acme/app"},"tag":"v1",
                 "commit":"%s","files":[{"name":"app-linux","download":"app-linux","size":9}],"warnings":[]}
                """
                    .formatted(FakeIngress.COMMIT)));
  }

  @Test
  void jsonIsTheReleaseAndNothingElse() {
    assertThat(release("--json", linux.toString())).isZero();
    assertThat(json(out.toString()))
        .isEqualTo(json(FakeIngress.delivered("rel-1", ingress.released.getFirst()).toString()));
  }

  @Test
  void whatIsStoredAlreadyIsNotSent() {
    assertThat(release(linux.toString())).isZero();
    assertThat(release(linux.toString(), darwin.toString())).isZero();
    assertThat(ingress.puts)
        .extracting(FakeIngress.Put::sha256)
        .containsExactly(sha256("for linux"), sha256("for darwin"));
    assertThat(err.toString()).contains("app-linux  is stored already");
    assertThat(ingress.released).hasSize(2);
    assertThat(ingress.keys).doesNotHaveDuplicates();
  }

  @Test
  void theSameBytesUnderTwoNamesAreSentOnce() throws IOException {
    Path copy = Files.copy(linux, folder.resolve("dist/app-linux-copy"));
    assertThat(release(linux.toString(), copy.toString())).isZero();
    assertThat(ingress.puts).hasSize(1);
    assertThat(ingress.count("GET /artifacts")).isEqualTo(1);
    assertThat(ingress.released.getFirst().path("files")).hasSize(2);
  }

  @Test
  void anEmptyFileIsReleasedToo() throws IOException {
    Path empty = Files.createFile(folder.resolve("dist/empty"));
    assertThat(release(empty.toString())).isZero();
    assertThat(ingress.puts).singleElement().extracting(FakeIngress.Put::length).isEqualTo("0");
  }

  @Test
  void aBrokenUploadGoesOnWhereItWas() {
    Path large = large(5 * MIB);
    ingress.cuts.add(2L * MIB);
    assertThat(release(large.toString())).isZero();
    assertThat(ingress.puts)
        .containsExactly(
            new FakeIngress.Put(digestOf(large), null, "" + 5 * MIB, 2 * MIB),
            new FakeIngress.Put(
                digestOf(large), "bytes 2097152-5242879/5242880", "" + 3 * MIB, 3 * MIB));
    assertThat(err.toString()).contains("large: the connection broke", "Trying again in 500 ms.");
  }

  @Test
  void whileItGetsOnItIsNotGivenUp() {
    Path large = large(20 * MIB);
    Collections.addAll(ingress.cuts, Collections.nCopies(15, (long) MIB).toArray(Long[]::new));
    assertThat(quickly(settings(), large)).isZero();
    assertThat(ingress.puts).hasSize(16);
    assertThat(sleeper.pauses).contains(Duration.ofMillis(500)).doesNotContain(seconds(2));
  }

  @Test
  void whoeverIsAwayIsAskedAgainAsLongAsTheTimeoutSays() {
    ingress.instead(
        "PUT /artifacts", Collections.nCopies(10, problem(503, "not now")).toArray(Instead[]::new));
    assertThatThrownBy(() -> quickly(settings(Duration.ofMinutes(2)), linux))
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "app-linux: not now. Given up after 9 tries in 1 min 31 s; --timeout says how long to"
                + " wait.");
    assertThat(sleeper.pauses)
        .containsExactly(
            Duration.ofMillis(500),
            seconds(1),
            seconds(2),
            seconds(4),
            seconds(8),
            seconds(16),
            seconds(30),
            seconds(30));
    assertThat(ingress.released).isEmpty();
    assertThat(err.toString().split("Trying again in 30 s", -1)).as("said once").hasSize(2);
  }

  @Test
  void bitbucketMayBeAwayForMinutesBeforeItIsKnownWhatIsReplaced() {
    ingress.instead(
        "POST /releases?dryRun=true",
        Collections.nCopies(30, problem(503, "Bitbucket is away")).toArray(Instead[]::new));
    assertThat(quickly(settings(), linux)).isZero();
    assertThat(err.toString()).contains("Bitbucket is away. Trying again in 30 s.");
  }

  @Test
  void theServersWaitIsKept() {
    ingress.instead(
        "POST /releases?dryRun=true",
        new Instead(503, Map.of("Retry-After", "7"), "<html>a proxy</html>"));
    assertThat(quickly(settings(), linux)).isZero();
    assertThat(sleeper.pauses.getFirst()).isEqualTo(seconds(7));
    assertThat(err.toString()).contains("Cinch answered 503. Trying again in 7 s.");
  }

  @Test
  void triesOfOneRequestHaveOneKey() {
    ingress.instead("POST /releases", problem(503, "not now"), problem(500, "hm"));
    assertThat(quickly(settings(), linux)).isZero();
    assertThat(ingress.keys).hasSize(3).containsOnly(ingress.keys.getFirst());
  }

  @Test
  void whatIsRefusedEndsItAtOnceAndIsNotSent() {
    ingress.instead("PUT /artifacts", problem(413, "at most 10 bytes; this has 33554432"));
    Path large = large(32 * MIB);
    assertThat(release(large.toString())).isEqualTo(1);
    assertThat(err.toString()).endsWith("cinch: large: at most 10 bytes; this has 33554432\n");
    assertThat(ingress.unwanted).hasValue(0);
    assertThat(ingress.count("PUT")).isEqualTo(1);
    assertThat(ingress.released).isEmpty();
  }

  @Test
  void theServersWordsAreTheEndOfADryRunToo() {
    ingress.instead("POST /releases?dryRun=true", problem(422, "there is no tag v1"));
    assertThat(release(linux.toString())).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("cinch: there is no tag v1\n");
    assertThat(ingress.count("PUT")).isZero();
  }

  @Test
  void whatArrivedDamagedIsSentAgain() {
    ingress.damaged.set(1);
    assertThat(quickly(settings(), linux)).isZero();
    assertThat(ingress.puts).hasSize(2);
  }

  @Test
  void whatArrivesDamagedTwiceIsNoAccident() {
    ingress.damaged.set(2);
    assertThatThrownBy(() -> quickly(settings(), linux))
        .hasMessage("app-linux: the bytes have another digest. Given up after it was sent twice.");
    assertThat(ingress.released).isEmpty();
  }

  @Test
  void whereAnotherUploadGotOnItGoesOnFromThere() {
    Path large = large(3 * MIB);
    ingress.cuts.add((long) MIB);
    ingress.instead(
        "PUT /artifacts",
        new Instead(409, Map.of(), "{\"detail\":\"go on at 0\",\"stored\":0,\"size\":3145728}"));
    assertThat(quickly(settings(), large)).isZero();
    assertThat(ingress.puts).hasSize(2);
  }

  @Test
  void aFileThatGrowsMeanwhileIsFound() {
    Path large = large(8 * MIB);
    ingress.cuts.add((long) MIB);
    ingress.whenBytesCome = () -> write(large, "more", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> quickly(settings(), large))
        .hasMessageStartingWith(large + " changed while it was being sent.");
    assertThat(ingress.released).isEmpty();
  }

  @Test
  void aFileThatIsOverwrittenMeanwhileIsFoundByItsDigest() throws IOException {
    Path large = large(32 * MIB);
    FileTime modified = Files.getLastModifiedTime(large);
    ingress.whenBytesCome =
        () -> {
          try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.seek(32 * MIB - 1);
            file.write(1);
            Files.setLastModifiedTime(large, modified);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    assertThatThrownBy(() -> quickly(settings(), large)).hasMessageContaining("changed while");
    assertThat(ingress.released).isEmpty();
  }

  @Test
  void aServerThatStoredSomethingElseIsNotBelieved() {
    ingress.stored = answer -> answer.replace(sha256("for linux"), sha256("for windows"));
    assertThat(release(linux.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("app-linux: Cinch says that it stored other bytes");
    assertThat(ingress.released).isEmpty();
  }

  @Test
  void whatCannotBeReleasedIsFoundBeforeAnythingIsSent() throws IOException {
    assertThat(release(folder + "/dist/*.exe")).isEqualTo(1);
    assertThat(err.toString()).contains("dist/*.exe' matches no file");
    assertThat(release(folder + "/dist")).isEqualTo(1);
    assertThat(err.toString()).contains("dist' is a directory");
    Files.createDirectory(folder.resolve("other"));
    Path same = Files.writeString(folder.resolve("other/APP-linux"), "x");
    assertThat(release(linux.toString(), same.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("would both be called APP-linux");
    assertThat(release("--name", "{nme}", linux.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("the name pattern has {nme}");
    assertThat(ingress.requests).isEmpty();
  }

  @Test
  void whatCannotBeReadIsFoundBeforeAnythingIsSent() {
    // A regular file that nobody can read from its start, not even root.
    assumeTrue(Files.exists(Path.of("/proc/self/mem")));
    assertThat(release(linux.toString(), "/proc/self/mem")).isEqualTo(1);
    assertThat(err.toString()).contains("/proc/self/mem cannot be read: Input/output error");
    assertThat(ingress.requests).isEmpty();
  }

  @Test
  void itSaysWhatItWaitsFor() {
    ingress.instead("GET /releases/rel-1", problem(404, "not read from the topic yet"));
    ingress.views.add(view -> state(view, "sending", "not told while it does not wait"));
    ingress.views.add(ReleaseTest::waiting);
    ingress.views.add(ReleaseTest::waiting);
    ingress.views.add(view -> view);
    assertThat(quickly(settings(), linux)).isZero();
    assertThat(err.toString())
        .containsOnlyOnce("the release  waiting: Bitbucket is away")
        .containsOnlyOnce("app-linux  waiting: its address does not answer")
        .doesNotContain("not told");
    assertThat(sleeper.pauses).startsWith(Duration.ofMillis(200), Duration.ofMillis(300));
  }

  @Test
  void aFailedReleaseSaysWhyAndWhatIsThere() {
    ingress.views.add(
        view -> {
          ObjectNode second = (ObjectNode) view.path("files").get(1);
          second.put("state", "failed").put("reason", "Bitbucket refused it").remove("url");
          return state(view, "failed", "one file failed");
        });
    assertThat(release(linux.toString(), darwin.toString())).isEqualTo(1);
    assertThat(out.toString())
        .isEqualTo("  app-linux   https://bitbucket.org/acme/app/downloads/app-linux\n");
    assertThat(err.toString())
        .contains("app-darwin  failed: Bitbucket refused it")
        .endsWith(
            "cinch: The release failed. one file failed\n  app-darwin: Bitbucket refused it\n");
  }

  @Test
  void aSupersededReleaseIsNoSuccess() {
    ingress.views.add(view -> state(view, "superseded", "v1 was released again"));
    assertThat(release("--json", linux.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("superseded by a newer one. v1 was released again");
    assertThat(json(out.toString()).path("state").asText()).isEqualTo("superseded");
  }

  @Test
  void whatIsNotFinishedInTimeGoesOnWithoutIt() {
    ingress.views.add(ReleaseTest::waiting);
    assertThat(quickly(settings(), linux)).isEqualTo(3);
    assertThat(sleeper.pauses.stream().reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(Duration.ofMinutes(30));
    assertThat(sleeper.pauses)
        .contains(seconds(2))
        .allMatch(one -> !one.minus(seconds(2)).isPositive());
    assertThat(err.toString())
        .contains(
            "Not finished after 30 min: release rel-1 is waiting (Bitbucket is away).",
            ingress.url() + "/api/v1/releases/rel-1")
        .doesNotContain(FakeIngress.TOKEN);
  }

  @Test
  void aServerThatGoesAwayMeanwhileIsWaitedFor() {
    ingress.instead(
        "GET /releases/rel-1",
        Collections.nCopies(20, problem(503, "restarting")).toArray(Instead[]::new));
    assertThat(quickly(settings(), linux)).isZero();
    assertThat(err.toString()).containsOnlyOnce("restarting");
  }

  @Test
  void withoutWaitingItEndsOnceItIsAccepted() {
    assertThat(release("--no-wait", linux.toString())).isZero();
    assertThat(ingress.count("GET /releases")).isZero();
    assertThat(out.toString()).contains("Requested v1 of acme/app: release rel-1");
  }

  @Test
  void withoutWaitingJsonIsWhatWasRequested() {
    assertThat(release("--no-wait", "--json", linux.toString())).isZero();
    assertThat(json(out.toString()))
        .isEqualTo(
            json(
                """
                {"id":"rel-1","repository":{"id":"r-1","forge":"bitbucket-cloud","fullName":"acme/app"},
                 "tag":"v1","commit":"%s","state":"requested","warnings":[],
                 "files":[{"name":"app-linux","download":"app-linux","size":9,"sha256":"%s",
                           "state":"open","attempts":0,"warnings":[]},
                          {"name":"v1-SHA256SUMS","download":"v1-SHA256SUMS","state":"open",
                           "attempts":0,"warnings":[]}]}
                """
                    .formatted(FakeIngress.COMMIT, sha256("for linux"))));
  }

  @Test
  void theServersNoteGoesBeforeOurs() {
    ingress.views.add(view -> view.put("note", "Downloads are what there is."));
    assertThat(release(linux.toString())).isZero();
    assertThat(out.toString())
        .contains("Downloads are what there is.")
        .doesNotContain(ReleaseText.NOTE);
  }

  @Test
  void whatIsNotUnderstoodIsNotSent() {
    assertThat(run("release", "--repo", "acme/app", "--tag", "v1")).isEqualTo(2);
    assertThat(err.toString()).contains("FILES");
    assertThat(run("release", "--repo", "acme/app", linux.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("Which tag? Give --tag v1.4.0, or set CINCH_TAG.");
    assertThat(run("release", "--tag", "v1", linux.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("Which repository? Give --repo acme/app, or set CINCH_REPO");
    assertThat(release("--timeout", "soon", linux.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--timeout is 'soon'");
    assertThat(ingress.requests).isEmpty();
  }

  @Test
  void helpSaysWhatABuildMustKnow() {
    assertThat(run("release", "--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains(
            "CINCH_REPO",
            "CINCH_TAG",
            "cinch release dist/*",
            "Exit codes: 0 delivered (with --no-wait: accepted), 1 refused or failed, 2 not"
                + " understood, 3 not finished");
  }

  private int release(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("release", "--repo", "acme/app", "--tag", "v1"));
    arguments.addAll(List.of("--stack", stack.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  /** Where waiting takes no time. */
  private int quickly(Release.Settings settings, Path... files) {
    ServerOptions server = new ServerOptions();
    CommandLine.populateCommand(server, "--stack", stack.toString());
    PrintWriter toErr = new PrintWriter(err, true);
    Progress progress = new Lines(toErr, sleeper);
    return new Release(
            new ReleaseCalls(server.server(), sleeper, progress, settings.timeout()),
            sleeper,
            progress,
            new PrintWriter(out, true),
            toErr)
        .run(
            new Target("bitbucket-cloud", "acme/app", "v1", Optional.empty()),
            List.of(files),
            settings);
  }

  private static Release.Settings settings() {
    return settings(Duration.ofMinutes(30));
  }

  private static Release.Settings settings(Duration timeout) {
    return new Release.Settings(
        new ReleaseCalls.Options("{name}", true), false, true, timeout, false);
  }

  private static ObjectNode state(ObjectNode view, String state, String reason) {
    return view.put("state", state).put("reason", reason);
  }

  private static ObjectNode waiting(ObjectNode view) {
    ObjectNode file = (ObjectNode) view.path("files").get(0);
    file.put("state", "open").put("reason", "its address does not answer").remove("url");
    return state(view, "sending", "Bitbucket is away").put("waitingFor", "bitbucket");
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  /** Such that no part of it is like another. */
  private Path large(int size) {
    Path file = folder.resolve("large");
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    try {
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text, StandardOpenOption how) {
    try {
      Files.writeString(file, text, StandardOpenOption.WRITE, how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digestOf(Path file) {
    return LocalFile.read(file, read -> {}).content().sha256();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
