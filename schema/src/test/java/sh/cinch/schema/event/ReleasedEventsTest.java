package sh.cinch.schema.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.cinch.schema.topic.Topic;

/**
 * What every release has written is still read, and still fits the schemas. {@code
 * -Dcinch.release=VERSION} keeps what this one writes.
 */
class ReleasedEventsTest {

  private static final Path RELEASES = Path.of("..", "releases");

  @BeforeAll
  static void keep() throws IOException {
    String release = System.getProperty("cinch.release");
    if (release == null) {
      return;
    }
    Path events = Files.createDirectories(RELEASES.resolve(release).resolve("events"));
    for (Map.Entry<Topic<?>, List<Object>> samples : Samples.OF.entrySet()) {
      int number = 1;
      for (Object event : samples.getValue()) {
        Files.write(
            events.resolve("%s.%d.json".formatted(samples.getKey().name(), number++)),
            EventJson.write(event));
      }
    }
  }

  static Stream<Path> kept() throws IOException {
    try (Stream<Path> files = Files.walk(RELEASES)) {
      return files
          .filter(file -> file.endsWith(Path.of("events", file.getFileName().toString())))
          .sorted(Comparator.naturalOrder())
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void isReadAndFits(Path file) throws IOException {
    Topic<?> topic =
        Topic.ALL.stream()
            .filter(one -> file.getFileName().toString().startsWith(one.name() + "."))
            .findFirst()
            .orElseThrow();
    byte[] event = Files.readAllBytes(file);

    assertThat(EventJson.read(event, topic.event())).isInstanceOf(EventJson.Reading.Good.class);
    assertThat(SchemaTest.violations(topic, event)).isEmpty();
  }

  @Test
  void everyReleaseNamesItsCommit() throws IOException {
    try (Stream<Path> releases = Files.list(RELEASES)) {
      assertThat(releases.filter(Files::isDirectory).filter(ReleasedEventsTest::isMade))
          .allSatisfy(
              release -> assertThat(release.resolve("commit")).content().matches("[0-9a-f]{40}\n"));
    }
  }

  /** The one that is being made has no commit yet. */
  private static boolean isMade(Path release) {
    return !release.getFileName().toString().equals(System.getProperty("cinch.release"));
  }

  @Test
  void everyReleaseHasKeptWhatTheOneBeforeDid() throws IOException {
    List<String> kept = kept().map(Path::toString).toList();
    List<Path> releases;
    try (Stream<Path> found = Files.list(RELEASES)) {
      releases = found.filter(Files::isDirectory).sorted().toList();
    }
    assertThat(releases).isNotEmpty();
    Set<String> topics = new HashSet<>();
    for (Path release : releases) {
      List<String> here =
          SchemaTest.topics()
              .map(Topic::name)
              .filter(topic -> kept.contains(release + "/events/" + topic + ".1.json"))
              .toList();
      assertThat(here).as("%s", release).isNotEmpty().containsAll(topics);
      topics.addAll(here);
    }
  }
}
