import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Gathers what the fault tests of this build have shown into docs/proof.md. {@code begin} forgets
 * what an earlier build has shown; {@code end} is called by each module, and the last one to end
 * writes. A module that was not built, or left nothing, keeps what the file says of it, with its
 * own date and command.
 */
class WriteProof {

  private static final String INTRODUCTION =
      """
      # Proof

      What the fault tests have shown at their full counts. Every build runs the same tests at small
      ones; `mvn verify -Pproof` writes this file, and only where every test that it has run has
      passed. Each table is one test: under which circumstances, and what it counted. Counts carry over
      to other machines, durations do not. A part of the tests may be run alone: each module says when
      and by which command it was.
      """;

  private static final String RUN =
      """

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
        if (isLast(folder, arguments[3], arguments[4])) {
          write(folder, Path.of(arguments[2]));
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /**
   * Whether all others have ended: several modules may be built at once.
   *
   * @param project as Maven prints it
   * @param projects all that are built, as Maven prints them
   */
  private static boolean isLast(Path folder, String project, String projects) throws IOException {
    Path ended = Files.createDirectories(folder.resolve("ended"));
    try (FileChannel file = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
        FileLock lock = file.lock();
        Stream<Path> before = Files.list(ended)) {
      String name = project.replaceFirst("^this is ", "").replaceAll("[^a-z0-9.]+", "-");
      long others = before.count();
      Files.createFile(ended.resolve(name));
      return others == projects.split("MavenProject: ", -1).length - 2;
    }
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
    Map<String, String> sections = sections(file);
    String run = run();
    for (Path fragment : fragments) {
      String module = fragment.getParent().getFileName().toString();
      if (sections.getOrDefault(module, "").startsWith(run)) {
        sections.merge(module, "\n" + Files.readString(fragment).strip() + "\n", String::concat);
      } else {
        sections.put(module, run + "\n" + Files.readString(fragment).strip() + "\n");
      }
    }
    StringBuilder text = new StringBuilder(INTRODUCTION);
    sections.forEach(
        (module, section) -> text.append("\n## ").append(module).append('\n').append(section));
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    System.out.println("Wrote " + file + "; fragments: " + fragments.size());
  }

  /** What the file says of each module so far. */
  private static Map<String, String> sections(Path file) throws IOException {
    Map<String, String> sections = new TreeMap<>();
    if (Files.exists(file)) {
      String[] parts = Files.readString(file).split("(?m)^## ", -1);
      for (int i = 1; i < parts.length; i++) {
        int end = parts[i].indexOf('\n');
        sections.put(
            parts[i].substring(0, end), parts[i].substring(end + 1).stripTrailing() + "\n");
      }
    }
    return sections;
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

  private static String run() throws Exception {
    String words = System.getenv("MAVEN_CMD_LINE_ARGS");
    return RUN.formatted(
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
