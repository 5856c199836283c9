package sh.cinch.cli.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sh.cinch.cli.server.Refusal;
import sh.cinch.schema.text.Visible;

/**
 * The files that patterns name. Shells expand some patterns, some of them in part, and a build's
 * configuration none: so they are expanded here, the same everywhere.
 *
 * @param folder where relative ones start
 */
record FilePatterns(Path folder) {

  private static final Pattern WILD = Pattern.compile("[*?\\[{]");

  /**
   * In the order of the patterns, those of one pattern by name; one that is matched twice is there
   * once.
   *
   * @throws Refusal the pattern that matches nothing, or is a directory
   */
  List<Path> expand(List<String> patterns) {
    SequencedMap<Path, Path> files = new LinkedHashMap<>();
    for (String pattern : patterns) {
      for (Path file : expand(asInPatterns(pattern))) {
        files.putIfAbsent(identity(file), file);
      }
    }
    return List.copyOf(files.values());
  }

  /** On Windows both separators are one; elsewhere a backslash takes a wildcard its meaning. */
  private String asInPatterns(String pattern) {
    return isWindows() ? pattern.replace('\\', '/') : pattern;
  }

  private boolean isWindows() {
    return folder.getFileSystem().getSeparator().equals("\\");
  }

  private List<Path> expand(String pattern) {
    Path literal = literal(pattern);
    if (literal != null && Files.isRegularFile(literal)) {
      return List.of(literal);
    }
    if (literal != null && Files.isDirectory(literal)) {
      throw directory(pattern);
    }
    if (literal != null && Files.exists(literal)) {
      throw new Refusal(
          "'%s' is not a regular file: only such can be released."
              .formatted(Visible.oneLine(pattern)));
    }
    List<Path> matched = WILD.matcher(pattern).find() ? search(pattern) : List.of();
    List<Path> files = matched.stream().filter(Files::isRegularFile).toList();
    if (files.isEmpty() && matched.stream().anyMatch(Files::isDirectory)) {
      throw directory(pattern);
    }
    if (files.isEmpty()) {
      throw new Refusal(
          "'%s' matches no file in %s.%s"
              .formatted(
                  Visible.oneLine(pattern),
                  Visible.oneLine(folder.toAbsolutePath().toString()),
                  hint(pattern)));
    }
    return files;
  }

  private String hint(String pattern) {
    return isWindows() || !pattern.contains("\\")
        ? ""
        : " Only on Windows does \\ separate folders; here it is '%s'."
            .formatted(Visible.oneLine(pattern.replace('\\', '/')));
  }

  /** Null where it cannot be a path at all, which a pattern need not be. */
  private @Nullable Path literal(String pattern) {
    try {
      return pattern.isBlank() ? null : folder.resolve(pattern);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** Walks from the last folder that the pattern names without a wildcard. */
  private List<Path> search(String pattern) {
    Matcher wild = WILD.matcher(pattern);
    int firstWild = wild.find() ? wild.start() : pattern.length();
    int cut = pattern.lastIndexOf('/', firstWild) + 1;
    Path start = folder.resolve(pattern.substring(0, cut));
    String rest = pattern.substring(cut);
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    int depth =
        rest.contains("**")
            ? Integer.MAX_VALUE
            : (int) rest.chars().filter(c -> c == '/').count() + 1;
    boolean hidden = Pattern.compile("(^|[/{,])\\.").matcher(rest).find();
    try {
      // A walk does not enter a link, not even as its start.
      Path real = start.toRealPath();
      PathMatcher matcher = matcher(real.getFileSystem(), rest, pattern);
      List<Path> found = new ArrayList<>();
      walk(
          real,
          depth,
          hidden,
          entry -> {
            Path relative = real.relativize(entry);
            if (matcher.matches(relative)) {
              found.add(start.resolve(relative).normalize());
            }
          });
      found.sort(Comparator.comparing(Path::toString));
      return found;
    } catch (IOException | UncheckedIOException e) {
      throw new Refusal(
          "'%s' cannot be expanded: %s"
              .formatted(
                  Visible.oneLine(pattern), Visible.oneLine(String.valueOf(e.getMessage()))));
    }
  }

  private static void walk(Path folder, int depth, boolean hidden, Consumer<Path> entries)
      throws IOException {
    List<Path> children;
    try (Stream<Path> listed = Files.list(folder)) {
      children = listed.toList();
    }
    for (Path child : children) {
      // As in a shell, .git and its like are matched only by a pattern that says the dot.
      if (hidden || !child.getFileName().toString().startsWith(".")) {
        entries.accept(child);
        if (depth > 1 && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          walk(child, depth - 1, hidden, entries);
        }
      }
    }
  }

  /** Java's patterns, but that {@code **}{@code /} also stands for no folder, as people expect. */
  private static PathMatcher matcher(FileSystem files, String glob, String pattern) {
    StringBuilder widened = new StringBuilder();
    int braces = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      braces += c == '{' ? 1 : c == '}' ? -1 : 0;
      boolean begins = i == 0 || glob.charAt(i - 1) == '/';
      if (begins && braces == 0 && glob.startsWith("**/", i)) {
        widened.append("{**/,}");
        i += 2;
      } else {
        widened.append(c);
      }
    }
    try {
      return files.getPathMatcher("glob:" + widened);
    } catch (PatternSyntaxException e) {
      throw new Refusal(
          "'%s' is not a pattern: %s."
              .formatted(Visible.oneLine(pattern), Visible.oneLine(e.getDescription())));
    }
  }

  private static Refusal directory(String pattern) {
    return new Refusal(
        "'%s' is a directory: name the files in it, such as '%s/*'."
            .formatted(Visible.oneLine(pattern), Visible.oneLine(pattern.replaceAll("/+$", ""))));
  }

  /** A link to a file is another file, since it has another name; a way to it through .. is not. */
  private static Path identity(Path file) {
    try {
      Path absolute = file.toAbsolutePath();
      return Objects.requireNonNull(absolute.getParent())
          .toRealPath()
          .resolve(Objects.requireNonNull(file.getFileName()));
    } catch (IOException e) {
      throw new Refusal(
          "%s cannot be read: %s"
              .formatted(
                  Visible.oneLine(file.toString()),
                  Visible.oneLine(String.valueOf(e.getMessage()))));
    }
  }
}
