package sh.cinch.releaseworker.releases;

import java.util.Optional;
import java.util.OptionalLong;
import sh.cinch.database.release_worker.tables.records.DownloadRecord;
import sh.cinch.forge.ForgeDownloads.Listed;

/**
 * What is known of the file that lies under a download's name.
 *
 * <pre>
 *            begin                    wrong content
 *   Known ───────────▶ InDoubt ──────────────────────▶ Doomed
 *     ▲   answered,       │                              │
 *     └── looked at ◀─────┴───────── looked at ◀─────────┘
 * </pre>
 *
 * <p>What is in doubt or doomed is looked at once none of it can land any more, and deleted unless
 * it is what stood there before or, of what is in doubt, the whole file.
 */
public sealed interface DownloadState {

  /** A size that the forge does not tell, where null stands for no file at all. */
  long UNKNOWN = -1;

  /** What stood there before we began to send; empty for nothing. */
  Optional<Listed> before();

  /** Nothing of ours is on its way. */
  record Known(Optional<Listed> before) implements DownloadState {}

  /**
   * An upload was begun, and its end is not known.
   *
   * @param sha256 of what was begun
   * @param size in bytes: a torn upload leaves fewer, since the last are held back until all is
   *     known to be right
   */
  record InDoubt(Optional<Listed> before, String sha256, long size) implements DownloadState {}

  /** What was begun must never be released. */
  record Doomed(Optional<Listed> before, String reason) implements DownloadState {}

  static DownloadState of(DownloadRecord row) {
    Optional<Listed> before =
        Optional.ofNullable(row.getBeforeSize())
            .map(
                size ->
                    new Listed(
                        row.getName(),
                        size == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(size),
                        Optional.ofNullable(row.getBeforeMadeAt())));
    if (row.getBegunSha256() == null) {
      return new Known(before);
    }
    return row.getDoomed() == null
        ? new InDoubt(before, row.getBegunSha256(), row.getBegunSize())
        : new Doomed(before, row.getDoomed());
  }
}
