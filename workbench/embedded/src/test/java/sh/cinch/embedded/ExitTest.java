package sh.cinch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is left when the JVM that runs the servers ends, one way or another. */
@Execution(ExecutionMode.CONCURRENT)
class ExitTest {

  @TempDir Path directory;

  private Servers start() {
    return Servers.start(
        new ServersConfig(
            ServersConfig.Choice.EMBEDDED, directory, false, 0, 0, Duration.ZERO, line -> {}));
  }

  private Path data() {
    return directory.resolve("postgres/data");
  }

  @Test
  void afterAKillTheNextStartStopsTheOrphanAndFindsTheDataAndATerminationLeavesNone()
      throws Exception {
    ProcessHandle orphan;
    try (ChildJvm program = ChildJvm.run("plain", directory)) {
      Kafka kafka = new Kafka(access(program.awaitLine("ready").getLast()));
      kafka.create("pushes");
      kafka.produce("pushes", "a push");
      orphan = postmaster(data());
      program.kill();
    }
    assertThat(runs(orphan)).isTrue();

    try (ChildJvm program = ChildJvm.run("plain", directory)) {
      String bootstrapServers = program.awaitLine("ready").getLast();
      ProcessHandle postmaster = postmaster(data());
      assertThat(runs(orphan)).isFalse();
      assertThat(runs(postmaster)).isTrue();
      assertThat(new Kafka(access(bootstrapServers)).consume("pushes", "readers"))
          .containsExactly("a push");

      program.terminate();

      assertThat(runs(postmaster)).isFalse();
      assertThat(data().resolve("postmaster.pid")).doesNotExist();
    }
  }

  /** To the broker of the program that said so. */
  private KafkaAccess access(String bootstrapServers) throws IOException {
    Path home = directory.resolve("kafka");
    return new KafkaAccess(
        bootstrapServers,
        "cinch",
        Files.readString(home.resolve("password")),
        home.resolve("client.properties"));
  }

  @Test
  void terminatedWhileStartingLeavesNoPostgresAndADirectoryThatStarts() throws Exception {
    try (ChildJvm program = ChildJvm.run("plain", directory)) {
      program.awaitLine("starting PostgreSQL…");
      program.terminate();
    }
    assertThat(data().resolve("postmaster.pid")).doesNotExist();

    try (Servers servers = start()) {
      assertThat(new Sql(servers.database()).ask("select 1")).isEqualTo("1");
    }
  }

  @Test
  @Tag("proof")
  void theProgramsOwnHookStillHasItsServers() throws Exception {
    try (ChildJvm program = ChildJvm.run("own-hook", directory)) {
      program.awaitLine("ready");
      program.terminate();
    }
    assertThat(data().resolve("postmaster.pid")).doesNotExist();

    try (Servers servers = start()) {
      assertThat(new Kafka(servers.kafka()).topics()).containsExactly("last-words");
      assertThat(new Sql(servers.database()).hasTable("last_words")).isTrue();
    }
  }

  @Test
  @Tag("proof")
  void directoryHeldByAnotherProcessIsRefusedWithItsPid() throws Exception {
    try (ChildJvm program = ChildJvm.run("temporary", directory)) {
      Path data = Path.of(program.awaitLine("ready").getLast());
      Path held = data.resolve("..").normalize();

      assertThatThrownBy(() -> Postgres.kept(held, 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(held + " is in use by process " + program.pid());

      assertThat(runs(postmaster(data))).isTrue();
      program.terminate();
    }
  }

  @Test
  @Tag("proof")
  void temporaryOneOfAKilledJvmIsClearedAwayByTheNext() throws Exception {
    try (ChildJvm program = ChildJvm.run("temporary", directory)) {
      Path abandoned = Path.of(program.awaitLine("ready").getLast());
      ProcessHandle orphan = postmaster(abandoned);
      program.kill();
      Instant earlier = Instant.now().minus(Duration.ofMinutes(2));
      Files.setLastModifiedTime(abandoned.getParent(), FileTime.from(earlier));

      try (Postgres next = Postgres.temporary()) {
        assertThat(new Sql(next.database()).ask("select 1")).isEqualTo("1");
      }

      // Another test's start may have been quicker, and be at it still.
      await()
          .untilAsserted(
              () -> {
                assertThat(runs(orphan)).isFalse();
                assertThat(abandoned.getParent()).doesNotExist();
              });
    }
  }

  @Test
  @Tag("proof")
  void somebodyWithoutRightsOrHomeCanRunThemToo() throws Exception {
    Assumptions.assumeTrue(isRoot(), "Only root can become somebody else");
    Path theirs = Files.createDirectory(directory.resolve("theirs"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setAttribute(theirs, "unix:uid", 65_534);
    List<String> asNobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    try (ChildJvm program = ChildJvm.run(asNobody, readableClassPath(), "plain", theirs)) {
      program.awaitLine("ready");
      ProcessHandle postmaster = postmaster(theirs.resolve("postgres/data"));
      assertThat(postmaster.info().user()).contains("nobody");
      program.terminate();
      assertThat(runs(postmaster)).isFalse();
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** Root's own class path may lie where nobody else can read. */
  private String readableClassPath() throws IOException {
    Path library = Files.createDirectory(directory.resolve("library"));
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path copy = library.resolve(entries.size() + "-" + Path.of(entry).getFileName());
      copyTree(Path.of(entry), copy);
      entries.add(copy.toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static ProcessHandle postmaster(Path data) throws IOException {
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  /** A dead process that nobody has waited for is still listed, but without its arguments. */
  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().arguments().isPresent();
  }
}
