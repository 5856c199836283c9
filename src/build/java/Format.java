import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/**
 * Holds all Java sources to google-java-format ({@code check}), or brings them there ({@code
 * apply}).
 */
class Format {

  private static final Set<String> SKIPPED = Set.of("target", ".git", ".cinch", "node_modules");

  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("skip")) {
      return;
    }
    boolean apply = arguments[0].equals("apply");
    Set<Path> wrong = new ConcurrentSkipListSet<>();
    sources(Path.of(arguments[1])).parallelStream()
        .forEach(
            source -> {
              if (differs(source, apply)) {
                wrong.add(source);
              }
            });
    wrong.forEach(
        source -> System.out.println((apply ? "formatted " : "not formatted: ") + source));
    if (!apply && !wrong.isEmpty()) {
      System.err.println(
          "Run ./cinch format (or mvn validate -N -Dformat=apply) and commit the result.");
      System.exit(1);
    }
  }

  private static boolean differs(Path source, boolean apply) {
    try {
      String text = Files.readString(source);
      String formatted =
          new Formatter().formatSourceAndFixImports(RemoveUnusedImports.removeUnusedImports(text));
      if (formatted.equals(text)) {
        return false;
      }
      if (apply) {
        Files.writeString(source, formatted);
      }
      return true;
    } catch (IOException | FormatterException e) {
      System.err.println(source + ": " + String.valueOf(e.getMessage()).lines().findFirst());
      return true;
    }
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> !SKIPPED.contains(entry.getFileName().toString()))
          .flatMap(
              entry -> {
                try {
                  return Files.isDirectory(entry)
                      ? sources(entry).stream()
                      : Stream.of(entry).filter(file -> file.toString().endsWith(".java"));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .toList();
    }
  }
}
