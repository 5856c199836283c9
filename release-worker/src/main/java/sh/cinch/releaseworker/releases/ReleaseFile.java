package sh.cinch.releaseworker.releases;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sh.cinch.database.release_worker.tables.records.ReleaseFileRecord;

/**
 * A file of a release.
 *
 * @param position in the order of the request; the checksums come last
 * @param name in the request
 * @param downloadName in Bitbucket's downloads
 * @param source empty for the checksums, whose content follows from the other files
 * @param size in bytes
 * @param sha256 64 hex digits
 * @param warnings for whoever asked for the release
 */
public record ReleaseFile(
    String release,
    int position,
    String name,
    String downloadName,
    Optional<String> source,
    long size,
    String sha256,
    State state,
    Optional<String> reason,
    List<String> warnings) {

  /** How it stands. */
  public enum State {
    OPEN,
    DELIVERED,
    SUPERSEDED,
    FAILED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static ReleaseFile of(ReleaseFileRecord row) {
    return new ReleaseFile(
        row.getReleaseId(),
        row.getPosition(),
        row.getName(),
        row.getDownloadName(),
        Optional.ofNullable(row.getSource()),
        row.getSize(),
        row.getSha256(),
        State.valueOf(row.getState().toUpperCase(Locale.ROOT)),
        Optional.ofNullable(row.getReason()),
        List.of(row.getWarnings()));
  }

  /** Why a file was not sent, where that is no matter of its own. */
  static String notSent(String reason) {
    return "not sent: " + reason;
  }

  /** The same with another content. */
  ReleaseFile with(long bytes, String hash) {
    return new ReleaseFile(
        release, position, name, downloadName, source, bytes, hash, state, reason, warnings);
  }

  public boolean isChecksums() {
    return source.isEmpty();
  }
}
