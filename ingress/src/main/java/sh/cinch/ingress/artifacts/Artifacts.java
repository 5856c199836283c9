package sh.cinch.ingress.artifacts;

import io.vertx.ext.web.Router;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.ingress.tables.records.ArtifactRecord;
import sh.cinch.ingress.artifacts.release.ReleasedFiles;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;

/**
 * Files for releases: what there is, and how more comes in. Each belongs to one repository; nobody
 * learns from here what another one has. Blocks: never on an event loop.
 */
public final class Artifacts implements ReleasedFiles {

  private static final Logger log = LoggerFactory.getLogger(Artifacts.class);

  private static final Duration SWEEP = Duration.ofMinutes(1);
  private static final Duration STRAY_SWEEP = Duration.ofHours(1);

  private final ArtifactRows rows;
  private final ArtifactStore store;
  private final ArtifactSettings settings;
  private final InstantSource clock;

  Artifacts(
      ArtifactRows rows, ArtifactStore store, ArtifactSettings settings, InstantSource clock) {
    this.rows = rows;
    this.store = store;
    this.settings = settings;
    this.clock = clock;
  }

  /** Opens the folder. */
  public static Artifacts open(ServiceContext context, ArtifactSettings settings) {
    return new Artifacts(
        new ArtifactRows(context.database(), settings, context.clock()),
        FolderStore.open(settings.folder()),
        settings,
        context.clock());
  }

  /** Starts what keeps the folder tidy. */
  public void startUpkeep(ServiceContext context, RunningService service) {
    service.loop("artifact-sweep", new ArtifactSweep(rows, store, context.metrics()), SWEEP);
    service.loop("stray-artifacts", new StrayArtifacts(rows, store, clock), STRAY_SWEEP);
  }

  /** Where the release-worker fetches their bytes. */
  public void mount(Router router) {
    new ArtifactRoutes(this, settings.releaseWorker()).mount(router);
  }

  /** One that can be released: it is here as a whole and has not expired. */
  @Override
  public Optional<Stored> find(UUID repository, UUID id) {
    return rows.find(repository, id)
        .filter(this::isUsable)
        .map(row -> new Stored(row.getSize(), row.getSha256()));
  }

  /**
   * A release was asked for: what it names lasts as long from now on as if it had just come.
   *
   * @param ids of artifacts; those that are not there are passed over
   */
  @Override
  public void needed(DSLContext transaction, Collection<UUID> ids) {
    rows.needed(transaction, ids);
  }

  /**
   * Their releases were delivered: they expire in an hour, so that another release of the same
   * files may still follow.
   *
   * @param ids of artifacts that no other release waits for; those that are not there are passed
   *     over
   */
  @Override
  public void released(DSLContext transaction, Collection<UUID> ids) {
    rows.released(transaction, ids);
  }

  /** How much of a content is here for its repository. */
  public UploadProgress held(Content content) throws IOException {
    Optional<ArtifactRecord> row = rows.find(content);
    if (row.isEmpty()) {
      return new UploadProgress.Nothing();
    }
    UUID id = row.get().getId();
    if (row.filter(this::isUsable).isPresent() && store.has(id, content.size())) {
      return new UploadProgress.Whole(ArtifactRows.artifact(row.get()));
    }
    long stored = resumable(id, content);
    return stored == 0
        ? new UploadProgress.Nothing()
        : new UploadProgress.Part(stored, row.get().getExpiresAt());
  }

  /**
   * @param from where the sender goes on; empty: it sends everything
   * @throws NoSpaceException where the store will not take it
   */
  public UploadStart begin(Content content, OptionalLong from) throws IOException {
    if (content.size() > settings.largest()) {
      return new UploadStart.TooLarge(settings.largest());
    }
    return switch (rows.claim(content)) {
      case Claim.Granted granted -> granted(content, granted, from);
      case Claim.Stored(Artifact artifact) -> stored(content, artifact, from);
      case Claim.Busy(UUID id) -> new UploadStart.Busy(resumable(id, content));
      case Claim.Refused(UploadStart why) -> why;
    };
  }

  private UploadStart stored(Content content, Artifact artifact, OptionalLong from)
      throws IOException {
    if (store.has(artifact.id(), artifact.size())) {
      return new UploadStart.Stored(artifact);
    }
    log.warn("artifact={} is not in the store any more: it is taken again", artifact.id());
    rows.lost(artifact.id());
    return begin(content, from);
  }

  private UploadStart granted(Content content, Claim.Granted claim, OptionalLong from)
      throws IOException {
    boolean begun = false;
    try {
      if (store.has(claim.id(), content.size())) { // finished just before a crash
        Optional<Artifact> stored = rows.stored(claim);
        begun = stored.isPresent();
        if (begun) {
          return new UploadStart.Stored(stored.get());
        }
      }
      long there = resumable(claim.id(), content);
      if (from.isPresent() && from.getAsLong() != there) {
        return new UploadStart.Elsewhere(there);
      }
      Upload upload = upload(content, claim, from.orElse(0));
      begun = true;
      return new UploadStart.Ready(upload);
    } finally {
      if (!begun) {
        rows.release(claim, claim.settled());
      }
    }
  }

  private Upload upload(Content content, Claim.Granted claim, long from) throws IOException {
    ClaimHeartbeat heartbeat = new ClaimHeartbeat(rows, claim, clock);
    ArtifactStore.Part part =
        new ArtifactStore.Part(claim.id(), claim.number(), from, content.size(), claim.settled());
    return new Upload(
        content, from, claim, heartbeat, store.write(part, heartbeat::progress), rows);
  }

  /** Never all of it: going on always has a byte to send, whose end says what became of it. */
  private long resumable(UUID id, Content content) throws IOException {
    return Math.max(0, Math.min(store.partial(id), content.size() - 1));
  }

  /** The bytes of one, for the release-worker. */
  ReadResult read(UUID repository, UUID id) throws IOException {
    Optional<ArtifactRecord> row = rows.find(repository, id);
    if (row.isEmpty() || row.get().getState().equals(ArtifactState.PARTIAL.word())) {
      return new ReadResult.Unknown();
    }
    if (!isUsable(row.get())) {
      return new ReadResult.Gone();
    }
    try {
      return new ReadResult.Bytes(store.read(id), row.get().getSize());
    } catch (NoSuchFileException | FileNotFoundException e) {
      return new ReadResult.Missing();
    }
  }

  private boolean isUsable(ArtifactRecord row) {
    return row.getState().equals(ArtifactState.STORED.word())
        && row.getExpiresAt().isAfter(clock.instant());
  }
}
