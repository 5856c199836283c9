package sh.cinch.ingress.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.stack.Bytes;
import sh.cinch.testkit.ShiftedClock;

@OnSharedServers
class ArtifactsTest {

  private static final Duration LIFETIME = Duration.ofDays(7);
  private static final long QUOTA = 10_000;

  @TempDir private Path root;
  private TestParts parts;
  private UUID repository;
  private FolderStore store;
  private Artifacts artifacts;
  private ArtifactSweep sweep;
  private StrayArtifacts strays;

  @BeforeEach
  void start() {
    parts = SharedServers.context();
    repository = parts.repository();
    ArtifactSettings settings =
        new ArtifactSettings(root, LIFETIME, QUOTA, QUOTA, Optional.empty());
    store = FolderStore.open(root);
    ArtifactRows rows = new ArtifactRows(parts.database(), settings, parts.clock());
    artifacts = new Artifacts(rows, store, settings, parts.clock());
    sweep = new ArtifactSweep(rows, store, parts.context().metrics());
    strays = new StrayArtifacts(rows, store, parts.clock());
  }

  @AfterEach
  void stop() {
    parts.close();
  }

  @Test
  void whatExpiredIsRemovedAndRemembered() throws IOException {
    UUID id = store(Bytes.of(100));
    parts.clock().advance(LIFETIME.minusMinutes(1));
    sweep.run();
    assertThat(artifacts.find(repository, id)).isPresent();
    assertThat(files()).hasSize(1);

    parts.clock().advance(Duration.ofMinutes(2));
    assertThat(artifacts.find(repository, id)).isEmpty();
    assertThat(artifacts.read(repository, id)).isInstanceOf(ReadResult.Gone.class);
    sweep.run();

    assertThat(files()).isEmpty();
    assertThat(artifacts.read(repository, id)).isInstanceOf(ReadResult.Gone.class);
    parts.clock().advance(Duration.ofDays(31));
    sweep.run();
    assertThat(artifacts.read(repository, id)).isInstanceOf(ReadResult.Unknown.class);
  }

  @Test
  void partExpiresAfterADay() throws IOException {
    Bytes file = Bytes.of(100);
    breakOff(file, 50);
    parts.clock().advance(Duration.ofHours(23));
    sweep.run();
    assertThat(artifacts.held(content(file))).isInstanceOf(UploadProgress.Part.class);

    parts.clock().advance(Duration.ofHours(2));
    sweep.run();

    assertThat(artifacts.held(content(file))).isInstanceOf(UploadProgress.Nothing.class);
    assertThat(files()).isEmpty();
    assertThat(store(file)).isNotNull();
  }

  @Test
  void expiredMakesRoomInTheQuotaAndIsNotRevivedIntoAFullOne() throws IOException {
    Bytes first = Bytes.of(6000);
    store(first);
    assertThat(begin(Bytes.of(6000))).isEqualTo(new UploadStart.OverQuota(6000, QUOTA));
    parts.clock().advance(LIFETIME.plusMinutes(1));

    store(Bytes.of(6000));

    assertThat(begin(first)).isEqualTo(new UploadStart.OverQuota(6000, QUOTA));
  }

  @Test
  void sweepThatDiedBetweenRowAndFileIsMadeUpFor() throws IOException {
    store(Bytes.of(100));
    parts.clock().advance(LIFETIME.plusMinutes(1));
    new ArtifactRows(
            parts.database(),
            new ArtifactSettings(root, LIFETIME, QUOTA, QUOTA, Optional.empty()),
            parts.clock())
        .expire();
    assertThat(files()).hasSize(1);

    sweep.run();

    assertThat(files()).isEmpty();
  }

  @Test
  void fileThatNoRowNamesGoesAfterADay() throws IOException {
    UUID id = store(Bytes.of(100));
    UUID stray = UUID.randomUUID();
    Path folder = Files.createDirectories(root.resolve(stray.toString().substring(0, 2)));
    Files.createFile(folder.resolve(stray.toString()));
    strays.run();
    assertThat(files()).hasSize(2);
    for (Path file : files()) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    }

    strays.run();

    assertThat(files()).singleElement().satisfies(file -> assertThat(file).hasFileName(id + ""));
  }

  @Test
  void deliveredReleaseLetsItsFilesGoInAnHour() throws IOException {
    UUID id = store(Bytes.of(100));
    needed(id);
    released(id, UUID.randomUUID());

    parts.clock().advance(Duration.ofMinutes(59));
    assertThat(artifacts.find(repository, id)).isPresent();
    parts.clock().advance(Duration.ofMinutes(2));
    assertThat(artifacts.find(repository, id)).isEmpty();
  }

  @Test
  void releasedTwiceIsNotReleasedLater() throws IOException {
    UUID id = store(Bytes.of(100));
    released(id);
    parts.clock().advance(Duration.ofMinutes(40));
    released(id);

    parts.clock().advance(Duration.ofMinutes(21));
    assertThat(artifacts.find(repository, id)).isEmpty();
  }

  @Test
  void requestMakesItsFilesLast() throws IOException {
    UUID id = store(Bytes.of(100));
    parts.clock().advance(LIFETIME.minusHours(1));

    needed(id, UUID.randomUUID());

    parts.clock().advance(LIFETIME.minusHours(1));
    assertThat(artifacts.find(repository, id)).isPresent();
  }

  @Test
  void secondReleaseWithinTheHourKeepsTheFiles() throws IOException {
    UUID id = store(Bytes.of(100));
    released(id);
    parts.clock().advance(Duration.ofMinutes(59));

    needed(id);

    parts.clock().advance(LIFETIME.minusHours(1));
    assertThat(artifacts.find(repository, id)).isPresent();
  }

  @Test
  void fileIsFoundForItsRepositoryOnly() throws IOException {
    Bytes file = Bytes.of(100);
    UUID id = store(file);

    assertThat(artifacts.find(repository, id))
        .hasValueSatisfying(
            artifact -> {
              assertThat(artifact.sha256()).isEqualTo(file.hex());
              assertThat(artifact.size()).isEqualTo(100);
            });
    assertThat(artifacts.find(parts.repository(), id)).isEmpty();
  }

  @Test
  void partIsNotFound() throws IOException {
    Bytes file = Bytes.of(100);
    breakOff(file, 50);

    assertThat(new ArtifactRows(parts.database(), settings(), parts.clock()).find(content(file)))
        .hasValueSatisfying(
            row -> {
              assertThat(artifacts.find(repository, row.getId())).isEmpty();
              assertThat(read(row.getId())).isInstanceOf(ReadResult.Unknown.class);
            });
  }

  @Test
  void fileThatWasFinishedJustBeforeACrashIsStored() throws IOException {
    Bytes file = Bytes.of(100);
    Claim.Granted claim =
        (Claim.Granted)
            new ArtifactRows(parts.database(), settings(), parts.clock()).claim(content(file));
    try (ArtifactStore.Writing writing =
        store.write(new ArtifactStore.Part(claim.id(), 1, 0, 100, true), () -> {})) {
      writing.write(file.all());
      writing.finish(file.hex());
    }
    assertThat(begin(file)).isInstanceOf(UploadStart.Busy.class);
    parts.clock().advance(ArtifactRows.CLAIM.plusSeconds(1));

    assertThat(begin(file))
        .isInstanceOfSatisfying(
            UploadStart.Stored.class,
            stored -> assertThat(stored.artifact().id()).isEqualTo(claim.id()));
  }

  @Test
  void fileThatTheFolderLostIsTakenAgain() throws IOException {
    Bytes file = Bytes.of(100);
    UUID id = store(file);
    store.remove(id);

    assertThat(artifacts.held(content(file))).isInstanceOf(UploadProgress.Nothing.class);
    assertThat(artifacts.read(repository, id)).isInstanceOf(ReadResult.Missing.class);
    assertThat(store(file)).isEqualTo(id);
    assertThat(artifacts.held(content(file))).isInstanceOf(UploadProgress.Whole.class);
  }

  @Test
  void uploadThatMadeWayWithoutKnowingWritesToNobodysFile() throws IOException {
    Bytes file = Bytes.of(1000);
    Upload stuck = ready(file, 0);
    stuck.write(file.to(400));
    ShiftedClock clock = new ShiftedClock();
    clock.advance(ArtifactRows.CLAIM.plusSeconds(1));
    Artifacts later =
        new Artifacts(
            new ArtifactRows(parts.database(), settings(), clock), store, settings(), clock);
    assertThat(later.begin(content(file), OptionalLong.of(1)))
        .isEqualTo(new UploadStart.Elsewhere(400));

    try (Upload next =
        ((UploadStart.Ready) later.begin(content(file), OptionalLong.of(400))).upload()) {
      next.write(file.from(400));
      assertThat(stuck.write(Bytes.of(600).all())).isTrue();
      assertThat(next.finish()).isInstanceOf(UploadResult.Stored.class);
    }
    stuck.close();
    assertThat(stored(file)).isTrue();
  }

  @Test
  void uploadThatMadeWayStopsOnceItKnows() throws IOException {
    Bytes file = Bytes.of(1000);
    Upload stuck = ready(file, 0);
    stuck.write(file.to(400));
    parts.clock().advance(ArtifactRows.CLAIM.plusSeconds(1));

    try (Upload next = ready(file, 400)) {
      assertThat(stuck.write(file.from(400))).isFalse();
      next.write(file.from(400));
      assertThat(next.finish()).isInstanceOf(UploadResult.Stored.class);
    }
    stuck.close();
  }

  @Test
  void uploadThatGetsOnKeepsItsTurn() throws IOException {
    Bytes file = Bytes.of(1000);
    try (Upload slow = ready(file, 0)) {
      for (int i = 0; i < 4; i++) {
        parts.clock().advance(ArtifactRows.CLAIM.minusSeconds(5));
        slow.write(Bytes.of(10).all());
      }

      assertThat(begin(file)).isEqualTo(new UploadStart.Busy(40));
    }
  }

  @Test
  void goingOnAlwaysHasAByteToSend() throws IOException {
    Bytes file = Bytes.of(1000);
    breakOff(file, 1000);
    assertThat(artifacts.held(content(file)))
        .isInstanceOfSatisfying(
            UploadProgress.Part.class, part -> assertThat(part.stored()).isEqualTo(999));

    try (Upload upload = ready(file, 999)) {
      upload.write(file.from(999));
      assertThat(upload.finish()).isInstanceOf(UploadResult.Stored.class);
    }
    assertThat(stored(file)).isTrue();
  }

  @Test
  void manyAtOnceDoNotOvershootTheQuota() throws Exception {
    CountDownLatch together = new CountDownLatch(1);
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<UploadStart>> begun =
          IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      many.submit(
                          () -> {
                            Bytes file = Bytes.of(6000);
                            together.await();
                            return begin(file);
                          }))
              .toList();
      together.countDown();
      int ready = 0;
      for (Future<UploadStart> one : begun) {
        if (one.get() instanceof UploadStart.Ready(Upload upload)) {
          ready++;
          upload.close();
        }
      }

      assertThat(ready).isEqualTo(1);
    }
  }

  @Test
  void uploadThatMadeWayAndHasItAllIsToldSo() throws IOException {
    Bytes file = Bytes.of(1000);
    Upload stuck = ready(file, 0);
    stuck.write(file.all());
    parts.clock().advance(ArtifactRows.CLAIM.plusSeconds(1));

    try (Upload next = ((UploadStart.Ready) begin(file)).upload()) {
      assertThat(stuck.finish()).isInstanceOf(UploadResult.TakenOver.class);
      stuck.close();
      next.write(file.all());
      assertThat(next.finish()).isInstanceOf(UploadResult.Stored.class);
    }
  }

  @Test
  void writerThatFailsLeavesWhatItWrote() throws IOException {
    Bytes file = Bytes.of(1000);
    Upload upload = ready(file, 0);
    upload.write(file.to(300));
    upload.close();

    assertThatThrownBy(() -> upload.write(file.from(300))).isInstanceOf(IOException.class);
    try (Upload next = ready(file, 300)) {
      next.write(file.from(300));
      assertThat(next.finish()).isInstanceOf(UploadResult.Stored.class);
    }
  }

  @Test
  void bytesAreCounted() throws IOException {
    store(Bytes.of(123));
    breakOff(Bytes.of(77), 5);
    sweep.run();

    double stored = gauge("stored");
    store(Bytes.of(1000));
    sweep.run();

    assertThat(stored).isGreaterThanOrEqualTo(123);
    assertThat(gauge("stored")).isEqualTo(stored + 1000);
    assertThat(gauge("partial")).isGreaterThanOrEqualTo(77);
  }

  private double gauge(String state) {
    return parts
        .context()
        .metrics()
        .get("cinch.artifact.bytes")
        .tag("state", state)
        .gauge()
        .value();
  }

  private ArtifactSettings settings() {
    return new ArtifactSettings(root, LIFETIME, QUOTA, QUOTA, Optional.empty());
  }

  private Content content(Bytes file) {
    return new Content(repository, file.hex(), file.size());
  }

  private UploadStart begin(Bytes file) throws IOException {
    return artifacts.begin(content(file), OptionalLong.empty());
  }

  private Upload ready(Bytes file, long from) throws IOException {
    return ((UploadStart.Ready) artifacts.begin(content(file), OptionalLong.of(from))).upload();
  }

  private UUID store(Bytes file) throws IOException {
    try (Upload upload = ((UploadStart.Ready) begin(file)).upload()) {
      upload.write(file.all());
      return ((UploadResult.Stored) upload.finish()).artifact().id();
    }
  }

  private void breakOff(Bytes file, int after) throws IOException {
    try (Upload upload = ready(file, 0)) {
      upload.write(file.to(after));
    }
  }

  private boolean stored(Bytes file) throws IOException {
    return artifacts.held(content(file)) instanceof UploadProgress.Whole whole
        && artifacts.read(repository, whole.artifact().id()) instanceof ReadResult.Bytes bytes
        && java.util.Arrays.equals(bytes.bytes().readAllBytes(), file.all());
  }

  private ReadResult read(UUID id) {
    try {
      return artifacts.read(repository, id);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void needed(UUID... ids) {
    parts.database().write(sql -> artifacts.needed(sql, List.of(ids)));
  }

  private void released(UUID... ids) {
    parts.database().write(sql -> artifacts.released(sql, List.of(ids)));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
