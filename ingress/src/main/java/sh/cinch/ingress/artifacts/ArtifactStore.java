package sh.cinch.ingress.artifacts;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Where the bytes of artifacts lie, by their ids; every instance of the ingress sees the same. It
 * decides nothing: who may write is settled before, by {@link Part#claim}. Blocks: never on an
 * event loop.
 *
 * <p>A store of objects fits as well: what is unfinished is then a multipart upload, what is
 * partial are its parts, and what is finished is completed and read back where its digest cannot be
 * had otherwise.
 */
interface ArtifactStore {

  /**
   * A turn of writing.
   *
   * @param claim of all turns only the one with the highest number counts
   * @param from bytes that are there and right; what lies beyond them is dropped
   * @param size bytes that there will be in the end
   * @param settled whether the turn before has surely ended; if not, it may still write, and must
   *     not be able to harm this one
   */
  record Part(UUID id, long claim, long from, long size, boolean settled) {}

  /** Bytes of what is unfinished, after which writing can go on; 0 where there are none. */
  long partial(UUID id) throws IOException;

  /** Whether it is there as a whole. What is there as a whole has had the right digest. */
  boolean has(UUID id, long size) throws IOException;

  /**
   * Begins, or goes on.
   *
   * @param alive called now and then while this takes long
   * @throws NoSpaceException where the rest will not fit
   */
  Writing write(Part part, Runnable alive) throws IOException;

  /** The whole; the caller closes it. */
  InputStream read(UUID id) throws IOException;

  /** Whatever there is of it; nothing is fine. */
  void remove(UUID id) throws IOException;

  /**
   * Removes what nobody knows of.
   *
   * @param before and nobody has touched since then
   * @param known those of the given ids that somebody knows
   */
  void removeStrays(Instant before, UnaryOperator<Set<UUID>> known) throws IOException;

  /** A turn of writing in progress. Closed without being finished, it keeps what it was given. */
  interface Writing extends Closeable {

    /**
     * @throws NoSpaceException where it does not fit; what was written before stays
     */
    void write(byte[] bytes) throws IOException;

    /**
     * From here on it is there as a whole, also after a crash.
     *
     * @param sha256 of all of it, 64 hex digits
     * @return false where the digest is another: then it is dropped
     */
    boolean finish(String sha256) throws IOException;
  }
}
