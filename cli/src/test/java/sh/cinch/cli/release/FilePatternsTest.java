package sh.cinch.cli.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.cli.server.Refusal;

class FilePatternsTest {

  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    for (String name :
        List.of(
            "app.jar",
            "dist/b.zip",
            "dist/a.zip",
            "dist/a.tar.gz",
            "dist/.hidden.zip",
            "dist/sub/c.zip",
            "dist/sub/deep/d.jar",
            ".git/e.jar",
            "odd [1].zip")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  @Test
  void aNameIsAFile() {
    assertThat(expand("app.jar")).containsExactly("app.jar");
  }

  @Test
  void aStarStaysInItsFolderAndLeavesHiddenFiles() {
    assertThat(expand("dist/*.zip")).containsExactly("dist/a.zip", "dist/b.zip");
    assertThat(expand("dist/*")).containsExactly("dist/a.tar.gz", "dist/a.zip", "dist/b.zip");
    assertThat(expand("dist/.*.zip")).containsExactly("dist/.hidden.zip");
  }

  @Test
  void twoStarsAreAnyFoldersAndNone() {
    assertThat(expand("**/*.jar")).containsExactly("app.jar", "dist/sub/deep/d.jar");
    assertThat(expand("dist/**/*.zip"))
        .containsExactly("dist/a.zip", "dist/b.zip", "dist/sub/c.zip");
    assertThat(expand("dist/**/deep/*")).containsExactly("dist/sub/deep/d.jar");
  }

  @Test
  void bracesAndBracketsChoose() {
    assertThat(expand("dist/*.{zip,tar.gz}"))
        .containsExactly("dist/a.tar.gz", "dist/a.zip", "dist/b.zip");
    assertThat(expand("{dist/a,app}.{zip,jar}")).containsExactly("app.jar", "dist/a.zip");
    assertThat(expand("dist/[ab].zi?")).containsExactly("dist/a.zip", "dist/b.zip");
  }

  @Test
  void aNameThatLooksLikeAPatternIsTakenByName() {
    assertThat(expand("odd [1].zip")).containsExactly("odd [1].zip");
  }

  @Test
  void orderIsThePatternsAndAFileIsTakenOnce() {
    assertThat(expand("dist/b.zip", "dist/../dist/b.zip", "dist/*.zip", "app.jar"))
        .containsExactly("dist/b.zip", "dist/a.zip", "app.jar");
  }

  @Test
  void anAbsolutePatternIsOneToo() {
    assertThat(new FilePatterns(Path.of("")).expand(List.of(folder + "/dist/*.zip")))
        .containsExactly(folder.resolve("dist/a.zip"), folder.resolve("dist/b.zip"));
  }

  @Test
  void linksToFilesAreFilesOfTheirOwnNames() throws IOException {
    Files.createSymbolicLink(folder.resolve("dist/latest.zip"), Path.of("a.zip"));
    Files.createSymbolicLink(folder.resolve("out"), Path.of("dist"));
    assertThat(expand("out/*.zip")).containsExactly("out/a.zip", "out/b.zip", "out/latest.zip");
    assertThat(expand("dist/a.zip", "out/a.zip")).containsExactly("dist/a.zip");
  }

  @Test
  void aFolderThatLinksToItselfIsNoTrap() throws IOException {
    Files.createSymbolicLink(folder.resolve("dist/sub/loop"), folder.resolve("dist"));
    assertThat(expand("dist/**/d.jar")).containsExactly("dist/sub/deep/d.jar");
  }

  @Test
  void whatMatchesNothingIsNamed() {
    assertThatThrownBy(() -> expand("app.jar", "dist/*.exe"))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("'dist/*.exe' matches no file in " + folder);
    assertThatThrownBy(() -> expand("none/*.exe")).hasMessageContaining("'none/*.exe'");
    assertThatThrownBy(() -> expand("gone.zip")).hasMessageContaining("'gone.zip'");
    assertThatThrownBy(() -> expand("")).hasMessageContaining("'' matches no file");
    assertThatThrownBy(() -> expand("dist/[a.zip")).hasMessageContaining("'dist/[a.zip'");
  }

  @Test
  void aDirectoryIsRefusedInWords() {
    assertThatThrownBy(() -> expand("dist/"))
        .hasMessage("'dist/' is a directory: name the files in it, such as 'dist/*'.");
    assertThatThrownBy(() -> expand("d?st")).hasMessageContaining("'d?st' is a directory");
  }

  @Test
  void onWindowsBothSeparatorsWork() throws IOException {
    try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
      Path build = windows.getPath("C:\\build");
      for (String name : List.of("dist\\a.zip", "dist\\b.txt", "libs\\deep\\c.jar")) {
        Path file = build.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
      }
      FilePatterns patterns = new FilePatterns(build);
      assertThat(patterns.expand(List.of("dist\\*.zip", ".\\libs\\**\\*.jar", "dist/b.txt")))
          .containsExactly(
              build.resolve("dist\\a.zip"),
              build.resolve("libs\\deep\\c.jar"),
              build.resolve("dist\\b.txt"));
      assertThatThrownBy(() -> patterns.expand(List.of("dist\\*.gz")))
          .isInstanceOf(Refusal.class)
          .hasMessageEndingWith("matches no file in C:\\build.");
    }
  }

  @Test
  void elsewhereItIsSaidHowToWriteThem() {
    assertThatThrownBy(() -> expand("dist\\*.zip"))
        .isInstanceOf(Refusal.class)
        .hasMessageEndingWith("Only on Windows does \\ separate folders; here it is 'dist/*.zip'.");
  }

  private List<String> expand(String... patterns) {
    return new FilePatterns(folder)
        .expand(List.of(patterns)).stream()
            .map(path -> folder.relativize(path).toString())
            .toList();
  }
}
