package sh.cinch.acceptance.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Release 0.1.0, built from its commit; once for each commit that it names. */
final class FormerRelease {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final long BUILD_MINUTES = 15;

  private FormerRelease() {}

  /** Of all its processes, as its {@code ./cinch} has it. */
  static String classPath() throws IOException, InterruptedException {
    String commit = Files.readString(ROOT.resolve("releases/0.1.0/commit")).strip();
    Path folder = ROOT.resolve("target/release-0.1.0-" + commit.substring(0, 12));
    Path built = folder.resolve("target/.built");
    if (!Files.exists(built)) {
      build(commit, Files.createDirectories(folder));
      Files.createFile(built);
    }
    return folder.resolve("workbench/local/target/lib") + File.separator + "*";
  }

  private static void build(String commit, Path folder) throws IOException, InterruptedException {
    assertThat(run(ROOT, folder, "git", "cat-file", "-e", commit + "^{commit}"))
        .as(
            "this clone has no commit %s, from which release 0.1.0 is built: git fetch --unshallow",
            commit)
        .isZero();
    Path archive = folder.resolve("tree.tar");
    assertThat(run(ROOT, folder, "git", "archive", "-o", archive.toString(), commit)).isZero();
    assertThat(run(folder, folder, "tar", "xf", archive.toString())).isZero();
    Files.createDirectories(folder.resolve("target"));
    List<String> maven =
        new ArrayList<>(
            List.of(
                "mvn",
                "-B",
                "package",
                "-pl",
                "workbench/local",
                "-am",
                "-Dmaven.test.skip=true",
                "-Dformat=skip"));
    String repository = System.getProperty("localRepository");
    if (repository != null) {
      maven.add("-Dmaven.repo.local=" + repository);
    }
    assertThat(run(folder, folder, maven.toArray(String[]::new)))
        .as("release 0.1.0 is built; what Maven said stands in %s", log(folder))
        .isZero();
  }

  private static int run(Path in, Path folder, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder)))
            .start();
    try {
      assertThat(process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static File log(Path folder) {
    return folder.resolve("build.log").toFile();
  }
}
