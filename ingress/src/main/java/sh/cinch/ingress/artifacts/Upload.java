package sh.cinch.ingress.artifacts;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** The bytes of one content on their way into the store. Of one thread. */
public final class Upload implements AutoCloseable {

  private final Content content;
  private final long from;
  private final Claim.Granted claim;
  private final ClaimHeartbeat heartbeat;
  private final ArtifactStore.Writing writing;
  private final ArtifactRows rows;
  private boolean finished;

  Upload(
      Content content,
      long from,
      Claim.Granted claim,
      ClaimHeartbeat heartbeat,
      ArtifactStore.Writing writing,
      ArtifactRows rows) {
    this.content = content;
    this.from = from;
    this.claim = claim;
    this.heartbeat = heartbeat;
    this.writing = writing;
    this.rows = rows;
  }

  /** How many bytes are here already; those that come go after them. */
  public long from() {
    return from;
  }

  /**
   * @return false where another upload of the same content has gone on: there is no use in more
   * @throws NoSpaceException where it does not fit
   */
  public boolean write(byte[] bytes) throws IOException {
    heartbeat.progress();
    if (heartbeat.isLost()) {
      return false;
    }
    writing.write(bytes);
    return true;
  }

  /** Once all bytes were written. */
  public UploadResult finish() throws IOException {
    finished = true;
    try {
      if (!writing.finish(content.sha256())) {
        rows.drop(claim);
        return new UploadResult.WrongDigest();
      }
    } catch (NoSuchFileException e) { // the part was taken away, by whoever goes on with it
      return new UploadResult.TakenOver();
    } catch (IOException e) {
      finished = false;
      throw e;
    }
    return rows.stored(claim)
        .or(this::storedByAnother)
        .<UploadResult>map(UploadResult.Stored::new)
        .orElseGet(UploadResult.TakenOver::new);
  }

  private Optional<Artifact> storedByAnother() {
    return rows.find(content)
        .filter(row -> row.getState().equals(ArtifactState.STORED.word()))
        .map(ArtifactRows::artifact);
  }

  /** What was written and not finished stays for a day, to be gone on with. */
  @Override
  public void close() throws IOException {
    writing.close();
    if (!finished) {
      rows.release(claim, true);
    }
  }
}
