package sh.cinch.ingress.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.ingress.artifacts.ArtifactStore.Part;
import sh.cinch.ingress.artifacts.ArtifactStore.Writing;
import sh.cinch.ingress.stack.Bytes;
import sh.cinch.service.config.ConfigurationException;

class FolderStoreTest {

  @TempDir private Path root;
  private final UUID id = UUID.randomUUID();
  private final Bytes file = Bytes.of(3_000_000);
  private FolderStore store;

  @BeforeEach
  void open() {
    store = FolderStore.open(root);
  }

  @Test
  void fileIsThereOnlyOnceItIsWhole() throws IOException {
    try (Writing writing = begin(1)) {
      writing.write(file.all());
      assertThat(store.has(id, file.size())).isFalse();
      assertThatThrownBy(() -> store.read(id)).isInstanceOf(NoSuchFileException.class);

      assertThat(writing.finish(file.hex())).isTrue();
    }

    assertThat(store.has(id, file.size())).isTrue();
    assertThat(store.has(id, file.size() - 1)).isFalse();
    assertThat(read()).isEqualTo(file.all());
    assertThat(names()).containsExactly(id.toString());
  }

  @Test
  void otherBytesLeaveNothing() throws IOException {
    try (Writing writing = begin(1)) {
      writing.write(Bytes.of(10).all());

      assertThat(writing.finish(file.hex())).isFalse();
    }

    assertThat(names()).isEmpty();
    assertThat(store.partial(id)).isZero();
  }

  @Test
  void whatWasNotFinishedIsGoneOnWith() throws IOException {
    breakOff(1, 2_000_000);
    assertThat(store.partial(id)).isEqualTo(2_000_000);
    AtomicInteger signs = new AtomicInteger();

    Part part = new Part(id, 2, 2_000_000, file.size(), true);
    try (Writing writing = store.write(part, signs::incrementAndGet)) {
      writing.write(file.from(2_000_000));
      assertThat(writing.finish(file.hex())).isTrue();
    }

    assertThat(read()).isEqualTo(file.all());
    assertThat(names()).containsExactly(id.toString());
    assertThat(signs).hasPositiveValue();
  }

  @Test
  void whatLiesBeyondIsDropped() throws IOException {
    breakOff(1, 2_000_000);

    write(2, 1_500_000, true).close();
    assertThat(store.partial(id)).isEqualTo(1_500_000);
    try (Writing writing = write(3, 1_500_000, true)) {
      writing.write(file.from(1_500_000));
      assertThat(writing.finish(file.hex())).isTrue();
    }

    assertThat(read()).isEqualTo(file.all());
  }

  @Test
  void damageOnTheDiskIsFoundOut() throws IOException {
    breakOff(1, 2_000_000);
    Path part = root.resolve(id.toString().substring(0, 2)).resolve(names().getFirst());
    byte[] bytes = Files.readAllBytes(part);
    bytes[77]++;
    Files.write(part, bytes);

    try (Writing writing = write(2, 2_000_000, true)) {
      writing.write(file.from(2_000_000));
      assertThat(writing.finish(file.hex())).isFalse();
    }
  }

  @Test
  void whoWasTakenForDeadCannotHarmWhoFollows() throws IOException {
    Writing stuck = begin(1);
    stuck.write(file.to(1_000_000));

    try (Writing next = write(2, 1_000_000, false)) {
      stuck.write(Bytes.of(1_500_000).all());
      next.write(file.from(1_000_000));
      stuck.write(Bytes.of(1_500_000).all());
      assertThat(next.finish(file.hex())).isTrue();
    }

    assertThat(stuck.finish(file.hex())).isFalse();
    stuck.close();
    assertThat(read()).isEqualTo(file.all());
    assertThat(names()).containsExactly(id.toString());
  }

  @Test
  void whoWasTakenForDeadAndHasItAllCannotPublishAfterIt() throws IOException {
    Writing stuck = begin(1);
    stuck.write(file.all());

    try (Writing next = begin(2)) {
      next.write(file.to(10));
      assertThatThrownBy(() -> stuck.finish(file.hex())).isInstanceOf(NoSuchFileException.class);
      stuck.close();
    }

    assertThat(store.partial(id)).isEqualTo(10);
  }

  @Test
  void copyThatWasNotMadeToTheEndIsNotGoneOnWith() throws IOException {
    breakOff(1, 2_000_000);
    Path folder = root.resolve(id.toString().substring(0, 2));
    Files.write(folder.resolve(id + ".2.part"), file.to(500_000));

    assertThat(store.partial(id)).isEqualTo(2_000_000);
    try (Writing writing = write(3, 2_000_000, false)) {
      writing.write(file.from(2_000_000));
      assertThat(writing.finish(file.hex())).isTrue();
    }
    assertThat(names()).containsExactly(id.toString());
  }

  @Test
  void whatDoesNotFitIsRefusedAtOnceAndWhatIsThereStays() throws IOException {
    breakOff(1, 1000);

    assertThatThrownBy(() -> store.write(new Part(id, 2, 1000, Long.MAX_VALUE, true), () -> {}))
        .isInstanceOf(NoSpaceException.class);

    assertThat(store.partial(id)).isEqualTo(1000);
  }

  @Test
  void fullDiskIsToldFromOtherTrouble() throws IOException {
    try (OutputStream full = new FileOutputStream("/dev/full")) {
      full.write(1);
    } catch (IOException e) {
      assertThat(FolderWriting.told(e)).isInstanceOf(NoSpaceException.class);
    }
    IOException other = new IOException("Input/output error");
    assertThat(FolderWriting.told(other)).isSameAs(other);
  }

  @Test
  void removedMeansAllOfIt() throws IOException {
    breakOff(1, 1000);
    store.remove(id);
    assertThat(names()).isEmpty();

    finish(2);
    store.remove(id);
    assertThat(names()).isEmpty();
    store.remove(id);
  }

  @Test
  void straysGoOnceTheyAreOldAndNothingElse() throws IOException {
    finish(1);
    UUID stray = UUID.randomUUID();
    UUID fresh = UUID.randomUUID();
    write(stray.toString(), Duration.ofDays(2));
    write(stray + ".3.part", Duration.ofDays(2));
    write(fresh.toString(), Duration.ofHours(1));
    write("somebody-elses-" + stray, Duration.ofDays(2));
    Set<UUID> asked = new HashSet<>();

    touch(file(id.toString()), Duration.ofDays(2));
    store.removeStrays(
        Instant.now().minus(Duration.ofDays(1)),
        ids -> {
          asked.addAll(ids);
          return Set.of(id);
        });

    assertThat(asked).containsExactlyInAnyOrder(id, stray);
    assertThat(names())
        .containsExactlyInAnyOrder(id.toString(), fresh.toString(), "somebody-elses-" + stray);
  }

  @Test
  void folderThatCannotBeWrittenIsNamedAtOnce() throws IOException {
    Path taken = Files.createFile(root.resolve("a-file"));

    assertThatThrownBy(() -> FolderStore.open(taken.resolve("artifacts")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("CINCH_ARTIFACT_FOLDER")
        .hasMessageContaining("a-file");
  }

  private Writing begin(long claim) throws IOException {
    return write(claim, 0, true);
  }

  private Writing write(long claim, long from, boolean settled) throws IOException {
    return store.write(new Part(id, claim, from, file.size(), settled), () -> {});
  }

  private void breakOff(long claim, int after) throws IOException {
    try (Writing writing = begin(claim)) {
      writing.write(file.to(after));
    }
  }

  private void finish(long claim) throws IOException {
    try (Writing writing = begin(claim)) {
      writing.write(file.all());
      assertThat(writing.finish(file.hex())).isTrue();
    }
  }

  private byte[] read() throws IOException {
    try (InputStream bytes = store.read(id)) {
      return bytes.readAllBytes();
    }
  }

  private void write(String name, Duration ago) throws IOException {
    Path path = file(name);
    Files.createDirectories(path.getParent());
    Files.createFile(path);
    touch(path, ago);
  }

  private static void touch(Path path, Duration ago) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(ago)));
  }

  private Path file(String name) {
    String folder = name.startsWith("somebody") ? "00" : name.substring(0, 2);
    return root.resolve(folder).resolve(name);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).map(path -> path.getFileName().toString()).toList();
    }
  }
}
