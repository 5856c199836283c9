package sh.cinch.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a fault test has shown, written where the build gathers it for docs/proof.md. */
public final class Proof {

  private final String title;
  private final StringBuilder text = new StringBuilder();

  private Proof(String title) {
    this.title = title;
    text.append("### ").append(title).append("\n\n");
  }

  public static Proof of(String title) {
    return new Proof(title);
  }

  /** Under what circumstances. */
  public Proof that(String circumstances) {
    text.append(circumstances).append(".\n\n| | |\n|---|---|\n");
    return this;
  }

  public Proof figure(String what, Object value) {
    text.append("| %s | %s |\n".formatted(what, value));
    return this;
  }

  public void written() {
    if (!Scale.isProof()) {
      return;
    }
    // Maven runs a module's tests in the module's folder.
    String module = Path.of("").toAbsolutePath().getFileName().toString();
    Path folder = Path.of(System.getProperty("cinch.proof.folder"), module);
    String name = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".md";
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As far as it is told. */
  @Override
  public String toString() {
    return text.toString();
  }
}
