import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Gathers what the fault tests of this build have shown into docs/proof.md. {@code begin} forgets
 * what an earlier build has shown; {@code end} is called by each module, and the last one writes.
 */
class WriteProof {

  private static final String INTRODUCTION =
      """
      # Proof

      What the fault tests have shown at their full counts. Every build runs the same tests at small
      ones; `mvn verify -Pproof` writes this file, and only where every test that it has run has
      passed. Each table is one test: under which circumstances, and what it counted. Counts carry over
      to other machines, durations do not.

      | | |
      |---|---|
      | written | %s |
      | machine | %d cores, %s of memory, %s |
      | JDK | %s |
      | command | `%s` |
      | commit | %s |
      """;

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "begin" -> delete(folder);
      case "end" -> {
        if (isLast(arguments[3], arguments[4])) {
          write(folder, Path.of(arguments[2]));
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /**
   * @param project as Maven prints it
   * @param projects all that are built, in order, as Maven prints them
   */
  private static boolean isLast(String project, String projects) {
    return projects.endsWith(project.replaceFirst("^this is ", "") + "]");
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> entries = Files.walk(folder)) {
        for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(entry);
        }
      }
    }
  }

  private static void write(Path folder, Path file) throws Exception {
    List<Path> fragments = fragments(folder);
    if (fragments.isEmpty()) {
      System.err.println(
          "There is nothing to write into "
              + file
              + ": no test that was run has left a fragment in "
              + folder
              + ". Fault tests do with -Pproof; look at -Dtest, -pl and whether tests are"
              + " skipped.");
      System.exit(1);
    }
    StringBuilder text = new StringBuilder(introduction());
    String module = "";
    for (Path fragment : fragments) {
      String own = fragment.getParent().getFileName().toString();
      if (!own.equals(module)) {
        module = own;
        text.append("\n## ").append(module).append('\n');
      }
      text.append('\n').append(Files.readString(fragment).strip()).append('\n');
    }
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    System.out.println("Wrote " + file + "; fragments: " + fragments.size());
  }

  /** By module and name, so that two runs can be compared line by line. */
  private static List<Path> fragments(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.walk(folder, 2)) {
      return entries
          .filter(entry -> folder.relativize(entry).getNameCount() == 2)
          .filter(entry -> entry.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  private static String introduction() throws Exception {
    String words = System.getenv("MAVEN_CMD_LINE_ARGS");
    return INTRODUCTION.formatted(
        Instant.now().truncatedTo(ChronoUnit.MINUTES),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        words == null || words.isBlank() ? "mvn verify -Pproof" : "mvn " + words.strip(),
        commit());
  }

  private static String memory() {
    return java.lang.management.ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? "%.1f GB".formatted(system.getTotalMemorySize() / 1e9)
        : "an unknown amount";
  }

  /** What is proven is proven of exactly these sources. */
  private static String commit() throws Exception {
    String hash = git("rev-parse", "HEAD");
    if (hash.isEmpty()) {
      return "not known: no git here";
    }
    return git("status", "--porcelain", "--", ":/", ":!/docs/proof.md").isEmpty()
        ? hash
        : hash + ", with changes that are not committed";
  }

  private static String git(String... arguments) throws Exception {
    List<String> command = Stream.concat(Stream.of("git"), Stream.of(arguments)).toList();
    try {
      Process process = new ProcessBuilder(command).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? said.strip() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
